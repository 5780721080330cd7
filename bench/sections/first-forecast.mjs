import { measureEach } from "../harness/contest.mjs";
import { printMarkdown, whole } from "../harness/table.mjs";

/** After how many collections all series of a new process are forecast, and what the longest of them costs. */
export async function firstForecast({ isQuick }) {
  const contenders = (isQuick ? [100] : [1000, 10_000]).map((series) => [
    `${whole(series)} new series`,
    { module: "first-forecast", setup: { series } },
  ]);
  const rows = await measureEach(Object.fromEntries(contenders), isQuick ? 1 : 3);
  printMarkdown(
    "Collections until forecast_ready is 1 for all new series (12 samples are needed), and the longest of these collections",
    ["series", "collections", "CPU ms, main thread", "CPU ms, process", "longest turn ms"],
    rows.map((it) => [whole(it.series), whole(it.ticks), it.tickMillis, it.processMillis, it.turnMillis]),
  );
}
