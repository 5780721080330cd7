import { contest } from "../harness/contest.mjs";
import { printMarkdown } from "../harness/table.mjs";

/** After how many collections all series of a new process are forecast, and what the longest of them costs. */
export async function firstForecast({ isQuick }) {
  const rows = [];
  // One after the other, to fit into memory.
  for (const series of isQuick ? [100] : [1000, 10_000, 30_000]) {
    const { [series]: it } = await contest(
      { [series]: { module: "first-forecast", setup: { series } } },
      isQuick ? 1 : 3,
    );
    rows.push([
      series.toLocaleString("en-GB"),
      it.ticks.toFixed(0),
      it.tickMillis,
      it.processMillis,
      it.turnMillis,
    ]);
  }
  printMarkdown(
    "Collections until forecast_ready is 1 for all new series (12 samples are needed), and the longest of these collections",
    ["series", "collections", "CPU ms, main thread", "CPU ms, process", "longest turn ms"],
    rows,
  );
}
