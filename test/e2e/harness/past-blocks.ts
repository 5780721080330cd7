import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Labels } from "../../../src/core/series-key.ts";
import { pathOf, promtool } from "./components.ts";

/** A series of a gauge, with its samples in the order of their times, in epoch milliseconds. */
export interface PastSeries {
  readonly labels: Labels;
  readonly samples: Iterable<readonly [at: number, value: number]>;
}

/** Writes the past of a gauge as blocks of a Prometheus database. */
export function writeBlocks(folder: string, metric: string, series: Iterable<PastSeries>): void {
  const temporary = mkdtempSync(join(tmpdir(), "otel-forecast-blocks-"));
  const path = join(temporary, "samples.om");
  try {
    const file = openSync(path, "w");
    writeSync(file, `# TYPE ${metric} gauge\n`);
    for (const { labels, samples } of series) {
      const text = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      const start = `${metric}{${text.join(",")}}`;
      let lines = "";
      for (const [at, value] of samples) lines += `${start} ${value} ${at / 1000}\n`;
      writeSync(file, lines);
    }
    writeSync(file, "# EOF\n");
    closeSync(file);
    // The file is read once for each block.
    const options = ["--quiet", "--max-block-duration=24h"];
    const { status, stderr } = spawnSync(
      pathOf(promtool),
      ["tsdb", "create-blocks-from", ...options, "openmetrics", path, folder],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`promtool made no blocks: ${stderr}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
