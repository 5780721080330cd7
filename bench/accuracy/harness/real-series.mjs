import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The series in `series.jsonl` of a folder, which may also be named by $FORECAST_BENCH. */
export function realSeries(folder = process.env.FORECAST_BENCH ?? ".") {
  const file = resolve(folder, "series.jsonl");
  if (!existsSync(file)) throw new Error(`${file} does not exist: name a FOLDER or set FORECAST_BENCH`);
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
