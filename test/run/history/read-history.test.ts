import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readHistory } from "../../../src/run/history/read-history.ts";

it("a history of version 1, which has no sequence, is older than each later save", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-read-history-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "history");
  const [today, todayOfMembers, series] = [[{ agent: "a" }], [{ id: "m" }], [{ key: "s" }, { key: "t" }]];
  writeFileSync(path, JSON.stringify({ version: 1, today, todayOfMembers, series }));
  const records: unknown[] = [];
  const clock = { elapsedMillis: () => 0, pause: async () => {} };
  const reading = await readHistory(path, clock, (...record) => records.push(record));
  expect(reading).toEqual({ state: "read", sequence: 0, damage: undefined });
  expect(records).toEqual([
    [{ kind: "today", value: { own: today, members: todayOfMembers } }, 0],
    [{ kind: "series", value: { key: "s" } }, 0],
    [{ kind: "series", value: { key: "t" } }, 0],
  ]);
});
