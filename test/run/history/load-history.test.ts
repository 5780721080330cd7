import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HistoryLog } from "../../../src/run/history/history-log.ts";
import { loadHistory } from "../../../src/run/history/load-history.ts";
import { bytesOf } from "../../../src/run/history/write-history.ts";

const SEQUENCE = 7;
const clock = { elapsedMillis: () => 0, pause: async () => {} };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-load-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Loads a sound file with three series, of which the process takes those that `takes` accepts. */
async function load(takes: (series: unknown) => boolean) {
  const paths = { whole: join(folder, "whole"), today: join(folder, "today") };
  const records = ["one", "two", "three"].map((value) => ({ kind: "series", value }));
  writeFileSync(paths.whole, bytesOf(SEQUENCE, records));
  const restorer = { today: () => {}, window: () => {}, alerts: () => true, series: takes };
  return loadHistory(paths, { clock, restorer, log: new HistoryLog(paths.whole), onProgress: () => {} });
}

it("is sound if every series could be used", async () => {
  expect(await load(() => true)).toEqual({ sequence: SEQUENCE, isSound: true });
});

it("is not sound if one of them could not: the file has to be written anew", async () => {
  expect(await load((series) => series !== "two")).toEqual({ sequence: SEQUENCE, isSound: false });
});
