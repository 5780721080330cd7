import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Runtime } from "../../../src/run/runtime.ts";
import { startOtlpSink } from "../../e2e/harness/otlp-sink.ts";
import { eventually } from "../../eventually.ts";
import { historyRecords } from "../../harness/history-records.ts";
import { Harness, SECOND, World } from "../harness.ts";

/** What a stop may take, whatever hangs. */
const STOP_MILLIS = 2000;
/** A stop that waits for the disk as a collection does leaves no time for the last push. */
const STOP_BEFORE_PUSH_MILLIS = 1500;

/** While it hangs, no access to a file is answered. */
const disk = vi.hoisted(() => ({ hangs: false, asked: 0 }));
const accesses = vi.hoisted(
  () => ["access", "lstat", "mkdir", "open", "readdir", "rename", "stat", "unlink"] as const,
);

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof files>();
  const never = (): Promise<never> => {
    disk.asked += 1;
    return new Promise(() => {});
  };
  const hanging = <Method extends (...args: never[]) => unknown>(method: Method): Method =>
    ((...args: never[]) => (disk.hangs ? never() : method(...args))) as Method;
  return { ...real, ...Object.fromEntries(accesses.map((name) => [name, hanging(real[name] as never)])) };
});

let folder: string;
let path: string;
const said: string[] = [];
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-hung-disk-"));
  path = join(folder, "history");
  said.length = 0;
  Object.assign(disk, { hangs: false, asked: 0 });
  const say = (line: string): void => void said.push(line);
  const logger = { error: say, warn: say, info: () => {}, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});

afterEach(async () => {
  disk.hangs = false;
  for (const cleanup of cleanups.splice(0)) await cleanup();
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

function begin(): Harness {
  return new Harness({ history: `file:${path}` }, new World());
}

function spend({ pipeline }: Harness): void {
  pipeline.instruments.consumption.tokensUsed(
    "planner",
    { input: 90, output: 10, cachedInput: 0 },
    undefined,
  );
}

/** Lets collection intervals pass, without waiting for a save. */
async function collects({ world, pipeline }: Harness, count: number): Promise<void> {
  for (let times = 0; times < count; times += 1) {
    world.millis += 10 * SECOND;
    await pipeline.collect();
  }
}

async function millisOf(work: Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work;
  return performance.now() - begunAt;
}

const tooLong = (what: "read" | "written"): unknown =>
  expect.stringMatching(
    what === "read"
      ? /the history file .* can't be read: the disk has not answered for \d/
      : /the history file .* can't be written: the disk takes too long to answer; the save before counts/,
  );

describe("a disk that hangs from the start", () => {
  it("delays the first collection shortly, no further one, and not the stop; one line says why", async () => {
    disk.hangs = true;
    const harness = begin();
    await collects(harness, 3);
    expect(disk.asked).toBe(1);
    expect(await harness.value("system_cpu_usage_percent")).toBe(25);
    harness.pipeline.hurry.begin();
    expect(await millisOf(harness.pipeline.stop())).toBeLessThan(STOP_MILLIS);
    expect(said).toEqual([tooLong("read")]);
  });

  it("delays no stop during the first collection", async () => {
    disk.hangs = true;
    const harness = begin();
    const collecting = collects(harness, 1);
    await eventually(() => expect(disk.asked).toBe(1));
    harness.pipeline.hurry.begin();
    expect(await millisOf(harness.pipeline.stop())).toBeLessThan(STOP_BEFORE_PUSH_MILLIS);
    await collecting;
    expect(said).toEqual([tooLong("read")]);
  });
});

describe("a disk that hangs later", () => {
  async function running(): Promise<Harness> {
    const harness = begin();
    await harness.ticks(2, () => spend(harness));
    disk.hangs = true;
    return harness;
  }

  it("delays no collections, and one line says why", async () => {
    const harness = await running();
    spend(harness);
    await collects(harness, 30);
    expect(disk.asked).toBeGreaterThan(0);
    expect(await harness.value("ai_cloud_tokens_today", { agent: "planner" })).toBe(300);
    expect(await millisOf(harness.pipeline.stop())).toBeLessThan(STOP_MILLIS);
    expect(said).toEqual([tooLong("written")]);
    expect(historyRecords(path).own[0]?.tokens).toBe(100);
  });

  it("delays no stop that finds it out, and one line says why", async () => {
    const harness = await running();
    spend(harness);
    harness.pipeline.hurry.begin();
    expect(await millisOf(harness.pipeline.stop())).toBeLessThan(STOP_MILLIS);
    expect(said).toEqual([tooLong("written")]);
  });

  it("is not written to when the process exits", async () => {
    const harness = await running();
    const before = readFileSync(path);
    spend(harness);
    await collects(harness, 10);
    const atExit = process.listeners("exit").at(-1) as () => void;
    atExit();
    expect(readdirSync(folder).toSorted()).toEqual(["history", "history.lock"]);
    expect(readFileSync(path)).toEqual(before);
    await harness.pipeline.stop();
  });

  it("delays no last push", async () => {
    const sink = await startOtlpSink();
    cleanups.push(() => sink.stop());
    const world = new World();
    // The exporter itself reads where to push.
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.url);
    cleanups.push(() => vi.unstubAllEnvs());
    Object.assign(world.environment, {
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "3600000",
    });
    const runtime = new Runtime({ history: `file:${path}`, exporters: ["otlp"] }, world);
    await runtime.start();
    await eventually(() => expect(existsSync(path)).toBe(true));
    disk.hangs = true;
    const stopped = runtime.shutdown();
    // The push arrives while the last save is waited for.
    await eventually(() => expect(sink.names().size).toBeGreaterThan(0));
    expect(said).toEqual([]);
    expect(await millisOf(stopped)).toBeLessThan(STOP_MILLIS);
    expect(said).toEqual([tooLong("written")]);
  });
});
