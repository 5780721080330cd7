import { readFileSync } from "node:fs";
import type { UsedToday } from "../../src/agents/used-today.ts";
import type { SavedSeries } from "../../src/engine/series-parts.ts";
import { readLine } from "../../src/run/history/record-lines.ts";

/** What a history file holds. */
export interface HistoryRecords {
  readonly own: readonly UsedToday[];
  readonly members: readonly UsedToday[];
  readonly series: readonly SavedSeries[];
}

/** Reads a history file, every line of which has to be whole. */
export function historyRecords(path: string): HistoryRecords {
  const lines = readFileSync(path, "latin1").trimEnd().split("\n");
  const read = lines.map((line) => readLine(Buffer.from(line, "latin1")));
  if (read.some(({ state }) => state === "broken")) throw new Error(`${path} has broken lines`);
  const records = read.flatMap((line) => (line.state === "record" ? [line.record] : []));
  const today = records.find(({ kind }) => kind === "today")?.value as Pick<
    HistoryRecords,
    "own" | "members"
  >;
  const series = records.filter(({ kind }) => kind === "series").map(({ value }) => value as SavedSeries);
  return { ...today, series };
}
