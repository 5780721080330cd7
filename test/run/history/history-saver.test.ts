import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Hurry } from "../../../src/core/hurry.ts";
import { HistoryFile } from "../../../src/run/history/history-file.ts";
import { HistoryLog } from "../../../src/run/history/history-log.ts";
import type { HistoryParts } from "../../../src/run/history/history-parts.ts";
import { HistorySaver } from "../../../src/run/history/history-saver.ts";
import { readHistory } from "../../../src/run/history/read-history.ts";

const LIMIT_MILLIS = 1200;
const said: string[] = [];
let folder: string;
let paths: { whole: string; today: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-saver-"));
  paths = { whole: join(folder, "history"), today: join(folder, "history.today") };
  said.length = 0;
  const say = (line: string): void => void said.push(line);
  const logger = { error: say, warn: say, info: say, debug: say, verbose: say };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});

afterEach(() => {
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

/** A saver whose clock is set by hand. */
class Saving {
  elapsed = 0;
  /** How long it takes to write the series. */
  seriesMillis = 0;
  /** Holds a save up at its first series until it resolves. */
  held: Promise<void> = Promise.resolve();
  readonly parts: HistoryParts;
  readonly saver: HistorySaver;

  constructor() {
    const self = this;
    const parts = {
      engine: {
        restore: () => {},
        expireRestored: () => {},
        *saved() {
          self.elapsed += self.seriesMillis;
          yield { key: "a" };
        },
      },
      windows: { saved: () => [] },
      consumption: { changes: 0, usedToday: () => [], usedByMembers: () => [] },
      alerting: { changes: 0, save: () => ({}) },
      clock: { now: () => 0 },
      hurry: new Hurry(),
      surroundings: {
        environment: {},
        elapsedMillis: () => this.elapsed,
        pause: () => this.held,
        timers: { setInterval: () => ({ unref: () => {} }), clearInterval: () => {} },
      },
    };
    this.parts = parts as unknown as HistoryParts;
    this.saver = new HistorySaver(paths, this.parts, new HistoryLog(paths.whole));
    this.saver.start(async () => true);
  }
}

/** The number of the save that a file is of. */
async function sequenceOf(path: string): Promise<number | undefined> {
  const reading = await readHistory(path, { elapsedMillis: () => 0, pause: async () => {} }, () => {});
  return reading.state === "read" && reading.damage === undefined ? reading.sequence : undefined;
}

describe("the last save of a history", () => {
  it("is one of everything", async () => {
    const { saver } = new Saving();
    saver.saveIfDue(0);
    await saver.idle;
    expect(await sequenceOf(paths.whole)).toBe(1);
    await saver.saveAll(LIMIT_MILLIS);
    expect([await sequenceOf(paths.today), await sequenceOf(paths.whole)]).toEqual([2, 3]);
    expect(said).toEqual([]);
  });

  it("leaves the series out if their last save took much longer than there is time; a line says so", async () => {
    const saving = new Saving();
    saving.seriesMillis = 3000;
    saving.saver.saveIfDue(0);
    await saving.saver.idle;
    await saving.saver.saveAll(LIMIT_MILLIS);
    expect([await sequenceOf(paths.today), await sequenceOf(paths.whole)]).toEqual([2, 1]);
    expect(saving.elapsed).toBe(3000);
    expect(said).toEqual([
      `otel-forecast: the history file ${paths.whole} can't be written: the last save took 3000 ms, and a process ` +
        "that ends has 1200 ms; the save before counts",
    ]);
  });

  it.each([
    ["after that of today", true],
    ["before that of today", false],
  ])("does not begin anew a save that goes on for long, but lets it end: %s", async (_, endsLater) => {
    const saving = new Saving();
    saving.seriesMillis = 3000;
    let goOn = (): void => {};
    saving.held = new Promise((resolve) => {
      goOn = resolve;
    });
    let begin = (): void => {};
    const begun = new Promise<boolean>((resolve) => {
      begin = () => resolve(true);
    });
    saving.saver.saveIfDue(0);
    while (saving.elapsed === 0) await new Promise((resolve) => setImmediate(resolve));
    // What follows asks again whether the file is ours.
    if (!endsLater) saving.saver.start(() => begun);
    const saved = saving.saver.saveAll(LIMIT_MILLIS);
    if (endsLater) while (!existsSync(paths.today)) await new Promise((resolve) => setImmediate(resolve));
    goOn();
    if (!endsLater) while (!existsSync(paths.whole)) await new Promise((resolve) => setImmediate(resolve));
    begin();
    await saved;
    expect(await sequenceOf(paths.today)).toBe(2);
    expect(await sequenceOf(paths.whole)).toBe(1);
    expect(said).toEqual([]);
  });
});

describe("the last save of a process, which has 1.2 s", () => {
  /** The lines of a process that saved once, in this time, and ends. */
  async function linesAfter(seriesMillis: number, end: "save" | "close"): Promise<string[]> {
    const saving = new Saving();
    saving.seriesMillis = seriesMillis;
    const file = HistoryFile.from(`file:${paths.whole}`, saving.parts) as HistoryFile;
    await file.beforeCollection(0);
    file.afterCollection(0);
    await file.idle;
    await file[end]();
    await file.close();
    return said;
  }

  it.each(["save", "close"] as const)(
    "is whole if half of it more was enough beside the app: %s",
    async (end) => {
      expect(await linesAfter(1800, end)).toEqual([]);
      expect(await sequenceOf(paths.whole)).toBeGreaterThan(1);
    },
  );

  it.each(["save", "close"] as const)("leaves the series out if that took longer: %s", async (end) => {
    expect(await linesAfter(1801, end)).toContainEqual(
      expect.stringContaining("the last save took 1801 ms, and a process that ends has 1200 ms"),
    );
    expect(await sequenceOf(paths.whole)).toBe(1);
  });
});
