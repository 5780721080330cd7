import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { ReportedAgents } from "../../src/processes/reported-agents.ts";
import {
  endLine,
  type HistoryRecord,
  headerLine,
  lineOf,
  readLine,
} from "../../src/run/history/record-lines.ts";
import { fromText, toText } from "../../src/storage/plain-numbers.ts";
import { runs } from "../harness/runs.ts";
import { Harness, World } from "../run/harness.ts";
import { anyChange } from "./harness/any-change.ts";
import { anyJson, anyText } from "./harness/any-text.ts";
import { removeFolder } from "./harness/remove-folder.ts";

const LEARNT_TICKS = 15;
const JSON_TOKENS = [
  "null",
  "[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "-1",
  "1e308",
  "-1e22",
  "5e-324",
  "1e999",
  '"__proto__":',
  "9007199254740993",
];
let folder: string;
let path: string;
/** The records of a real file. */
let learnt: HistoryRecord[];
let learntAt: number | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-attack-"));
  path = join(folder, "history");
  const harness = restarted();
  await measured(harness, LEARNT_TICKS);
  await harness.pipeline.stop();
  learntAt = harness.world.millis;
  learnt = readFileSync(path, "latin1")
    .trimEnd()
    .split("\n")
    .map((line) => readLine(Buffer.from(line, "latin1")))
    .flatMap((line) => (line.state === "record" ? [line.record] : []));
});
afterAll(() => removeFolder(folder));

/** A process that goes on when the one ends that has learnt. */
function restarted(): Harness {
  const world = new World();
  world.millis = learntAt ?? world.millis;
  return new Harness({ history: `file:${path}`, method: "auto" }, world);
}

/** The same is measured in each process: so what was saved of it is used. */
async function measured(harness: Harness, ticks: number): Promise<void> {
  const usage = { input: 90, output: 10, cachedInput: 0 };
  const meter = harness.application().getMeter("app");
  const gauge = meter.createGauge("level");
  const histogram = meter.createHistogram("seconds", { unit: "s" });
  await harness.ticks(ticks, (tick) => {
    gauge.record(tick % 4);
    histogram.record(tick);
    harness.pipeline.instruments.consumption.tokensUsed("planner", usage, undefined);
  });
}

/** Lines on a file that could not be read at all: what was wrong was found too late. */
const unread: string[] = [];

beforeEach(() => {
  const warn = (line: string): void => {
    if (/the history file \S+ (can't|cannot) be read/.test(line)) unread.push(line);
  };
  const ignore = () => {};
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
});
afterEach(() => diag.disable());

async function mustGoOnWith(bytes: Uint8Array): Promise<void> {
  unread.length = 0;
  writeFileSync(path, bytes);
  const harness = restarted();
  await measured(harness, 2);
  const shown = await harness.value("system_cpu_usage_percent");
  await harness.pipeline.stop();
  expect(shown).toBe(25);
  expect(unread).toEqual([]);
}

it("history file with lies whose checksums are right", async () => {
  expect(learnt.length).toBeGreaterThan(3);
  const texts = learnt.map((record) => toText(record));
  const record = fc.oneof(
    anyText(texts, JSON_TOKENS).map(parsed).filter(isRecord),
    fc.record({ kind: fc.constantFrom(...learnt.map(({ kind }) => kind)), value: anyJson }),
  );
  const change = fc
    .nat(learnt.length - 1)
    .chain((at) => fc.tuple(fc.constant(at), anyChange(learnt[at]).filter(isRecord)));
  const changed = fc
    .array(change, { minLength: 1, maxLength: 6 })
    .map((changes) => changes.reduce((records, [at, record]) => records.with(at, record), learnt));
  const file = fc.oneof(fc.array(record, { maxLength: 40 }), { arbitrary: changed, weight: 3 });
  await fc.assert(
    fc.asyncProperty(file, async (records) => {
      const lines = [headerLine(1), ...records.map(lineOf), endLine(records.length)];
      await mustGoOnWith(Buffer.concat(lines));
    }),
    { numRuns: runs(30) },
  );
});

it("history file of any bytes", async () => {
  const version1 = JSON.stringify({ version: 1, today: [], todayOfMembers: [], series: [] });
  const text = anyText([version1, ...learnt.map((record) => toText(record))], JSON_TOKENS).map((it) =>
    Buffer.from(it),
  );
  const bytes = fc.oneof(
    text,
    fc.uint8Array({ maxLength: 200 }).map((it) => Buffer.from(it)),
  );
  await fc.assert(fc.asyncProperty(bytes, mustGoOnWith), { numRuns: runs(30) });
});

it("report of another process", async () => {
  const metric = {
    name: "ai_cloud.cpu.usage_percent",
    unit: "%",
    description: "",
    scope: "s",
    type: "gauge",
  };
  const entry = { agent: "a", lastUsedAt: 5, tokens: 3, models: [{ model: "m", tokens: 3, cost: 1 }] };
  const series = [{ metric, labels: { agent: "a" }, value: 1 }];
  const sound = JSON.stringify({ self: "w", series, used: { id: "p", today: [entry] } });
  const report = fc.oneof(anyText([sound], JSON_TOKENS).map(parsedJson), anyJson);
  await fc.assert(
    fc.asyncProperty(fc.array(report, { maxLength: 4 }), async (reports) => {
      const clock = () => 0;
      const members = new ReportedAgents({
        now: clock,
        elapsedMillis: clock,
        expiryMillis: 1,
        ownNames: () => [],
      });
      for (const [id, given] of reports.entries()) members.take(`child ${id}`, given);
      expect((await members.collect()).errors).toEqual([]);
    }),
    { numRuns: runs(100) },
  );
});

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return fromText(text);
  } catch {
    return undefined;
  }
}

function isRecord(read: unknown): read is HistoryRecord {
  return typeof (read as { kind?: unknown } | null | undefined)?.kind === "string";
}
