import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contest } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

/** The memory of a series, with everything that belongs to it. */
export async function memory({ isQuick }) {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-bench-"));
  try {
    const measured = await contest(contendersIn(folder, isQuick), 1);
    printTable(
      "Memory of one series, sampled every 10 s, horizons 5m and 1h: heap and external",
      ["", "series", "kB/series", "horizons forecast"],
      Object.entries(measured).map(([name, it]) => [
        name,
        it.kept,
        it.bytesPerSeries / 1000,
        it.horizonsReady,
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contendersIn(folder, isQuick) {
  const agents = isQuick ? 70 : 333;
  const of = (age, options = {}) => ({ module: "memory", setup: { agents, age, options } });
  return {
    "20 samples, method naive": of(20, { method: "naive" }),
    "an hour of samples, method naive": of("hour", { method: "naive" }),
    "an hour of samples, method auto": of("hour"),
    ...(isQuick
      ? {}
      : {
          "a month of samples, method auto": of("month"),
          "a month of samples, with a history file": of("month", {
            history: `file:${join(folder, "history")}`,
          }),
        }),
  };
}
