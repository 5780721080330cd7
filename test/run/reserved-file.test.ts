import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { historyRecords } from "../harness/history-records.ts";
import { Harness, World } from "./harness.ts";

const agent = { agent: "planner" };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-reserved-"));
  path = join(folder, "history.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A pipeline in a process with these variables. It has used 100 tokens and collected once. */
async function begin(environment: NodeJS.ProcessEnv, file = path): Promise<Harness> {
  const harness = new Harness({ history: `file:${file}` }, Object.assign(new World(), { environment }));
  harness.pipeline.instruments.consumption.tokensUsed(
    "planner",
    { input: 90, output: 10, cachedInput: 0 },
    undefined,
  );
  await harness.ticks(1);
  return harness;
}

const tokensOf = (harness: Harness) => harness.value("ai_cloud_tokens_today", agent);
const tokensInFile = (file = path) => historyRecords(file).own[0]?.tokens;

it("is not used by a child process, not even after the parent has ended", async () => {
  const environment = {};
  await (await begin(environment)).pipeline.stop();
  const parent = await begin(environment);
  const child = await begin({ ...environment });
  expect([await tokensOf(parent), await tokensOf(child)]).toEqual([200, 100]);
  await parent.pipeline.stop();
  await child.pipeline.stop();
  expect(tokensInFile()).toBe(200);
});

it("is used by one pipeline of a process at a time", async () => {
  const environment = { OTHER: "variable" };
  const first = await begin(environment);
  const second = await begin(environment);
  second.pipeline.instruments.consumption.tokensUsed(
    "planner",
    { input: 50, output: 0, cachedInput: 0 },
    undefined,
  );
  await first.pipeline.stop();
  await second.pipeline.stop();
  expect(tokensInFile()).toBe(100);
  expect(environment).toEqual({ OTHER: "variable" });
  expect(await tokensOf(await begin(environment))).toBe(200);
});

it("can differ in a child process, whose own children use neither file", async () => {
  const environment = {};
  const own = join(folder, "own.json");
  await begin(environment);
  const ofChild: NodeJS.ProcessEnv = { ...environment };
  await (await begin(ofChild, own)).pipeline.stop();
  expect(tokensInFile(own)).toBe(100);
  expect(ofChild).toEqual(environment);
  expect(await tokensOf(await begin(ofChild, own))).toBe(200);
  expect(await tokensOf(await begin({ ...ofChild }, own))).toBe(100);
  expect(await tokensOf(await begin({ ...ofChild }))).toBe(100);
});

it("is used although the variable that lists reserved files is broken", async () => {
  for (const broken of ["", "{", "5", "null"]) {
    await (await begin({ OTEL_FORECAST_HISTORY_HELD: broken })).pipeline.stop();
  }
  expect(tokensInFile()).toBe(400);
});

it("is created with the folders above it", async () => {
  const file = join(folder, "not", "there", "yet", "history.json");
  await (await begin({}, file)).pipeline.stop();
  expect(tokensInFile(file)).toBe(100);
});

// Node's `mkdir` with `recursive` never ends there, and would keep the app from ending.
it.runIf(process.platform === "linux")(
  "is logged where no folder can be created, and nothing hangs",
  async () => {
    const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    await (await begin({}, "/proc/not/there/history.json")).pipeline.stop();
    diag.disable();
    expect(logger.warn.mock.calls.flat().join("\n")).toContain(
      "the history file /proc/not/there/history.json can't be written",
    );
  },
);

it("needs one listener for the end of the process, however many files there are", async () => {
  const before = process.listenerCount("exit");
  const all: Harness[] = [];
  for (let file = 0; file < 12; file += 1) all.push(await begin({}, join(folder, `${file}.json`)));
  expect(process.listenerCount("exit")).toBeLessThanOrEqual(before + 1);
  for (const { pipeline } of all) await pipeline.stop();
  expect(process.listenerCount("exit")).toBe(before);
});
