import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { threadId, Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import type { AskedMember } from "../../src/processes/reported-agents.ts";
import { createRuntime, type PlacedRuntime } from "../../src/zero-code/process-tree.ts";
import { eventually } from "../eventually.ts";

const program = resolve(import.meta.dirname, "apps/thread.mjs");
let main: PlacedRuntime;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
  vi.stubEnv("OTEL_SERVICE_NAME", "shop");
  vi.stubEnv("OTEL_EXPORTER_PROMETHEUS_PORT", "0");
  vi.stubEnv("OTEL_FORECAST_COLLECTION_INTERVAL", "1000");
  main = createRuntime({});
});
afterEach(async () => {
  await main.leave();
  vi.unstubAllEnvs();
});

/** Starts a thread, and gives what it says when its runtime has started. */
async function start(options: { name?: string; env?: Record<string, string>; workerData?: unknown }) {
  const worker = new Worker(program, { ...options, env: { ...process.env, ...options.env } as never });
  onTestFinished(() => void worker.terminate());
  const [said] = await once(worker, "message");
  return { worker, said };
}

const members = (): AskedMember[] => main.runtime.processGroup.members.asked();

/** The agents of the threads, as the process shows them. */
async function shownAgents(): Promise<unknown[]> {
  const { resourceMetrics } = await main.runtime.processGroup.members.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const points = metrics.flatMap((metric): { attributes: { agent?: unknown } }[] => [...metric.dataPoints]);
  return [...new Set(points.map(({ attributes }) => attributes.agent))].sort();
}

it("a thread is a member of its process: it has no endpoint, keeps nothing, measures no machine and misses nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-threads-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const configFile = join(folder, "forecast.yaml");
  writeFileSync(configFile, "thresholds: { queue_size_of_another_thread: { above: 1 } }");
  const env = {
    OTEL_EXPORTER_PROMETHEUS_PORT: "9464",
    OTEL_FORECAST_HISTORY: "file:/nowhere/history",
    OTEL_FORECAST_CONFIG_FILE: configFile,
  };
  // After so many, a process logs what its thresholds have not selected.
  const { said } = await start({ name: "mapper", env, workerData: { collections: 31 } });
  expect(said).toEqual({
    isMember: true,
    mayListen: false,
    agent: "shop/mapper",
    endpoint: undefined,
    history: "memory",
    warned: [],
    system: [],
  });
});

it.each<[{ name?: string; env?: Record<string, string> }, RegExp]>([
  [{ name: "mapper", env: { OTEL_FORECAST_AGENT: "courier" } }, /^courier\/mapper$/],
  [{ name: "" }, /^shop\/\d+$/],
  [{}, /^shop\/\d+$/],
])("a thread with %j is called %s", async (options, name) => {
  const { worker, said } = await start(options);
  expect(said.agent).toMatch(name);
  if (/\d/.test(said.agent)) expect(said.agent).toBe(`shop/${worker.threadId}`);
  expect(worker.threadId).not.toBe(threadId);
});

it("a process shows its threads until they end, with what they did last, and asks each by itself", async () => {
  const [one, other] = [await start({ name: "one" }), await start({ name: "other" })];
  await eventually(async () => expect(await shownAgents()).toEqual(["shop/one", "shop/other"]));
  const asked = () => Promise.all(members().map((member) => member.ask({ about: "alerts", names: [] })));
  expect(members().map(({ process }) => process)).toEqual(["shop/one", "shop/other"]);
  expect(await asked()).toEqual([[], []]);
  expect(await members()[0]?.ask("no question")).toBeUndefined();
  const left = once(one.worker, "message");
  one.worker.postMessage("leave");
  expect(await left).toEqual(["left"]);
  await eventually(async () => expect(await shownAgents()).toEqual(["mapper", "shop/one", "shop/other"]));
  expect(await members()[1]?.ask({ about: "alerts", names: [] })).toEqual([]);
  const unanswered = members()[0]?.ask({ about: "alerts", names: [] });
  await one.worker.terminate();
  expect(await unanswered).toBeUndefined();
  await eventually(async () => expect(await shownAgents()).toEqual(["shop/other"]));
  await other.worker.terminate();
  await eventually(async () => expect(await shownAgents()).toEqual([]));
});

it("a thread that leaves long before its next report reports what it did last", async () => {
  const { worker } = await start({ name: "one", env: { OTEL_FORECAST_COLLECTION_INTERVAL: "3600000" } });
  worker.postMessage("leave");
  await eventually(async () => expect(await shownAgents()).toEqual(["mapper", "shop/one"]));
});

it("a process that has left shows no threads any more", async () => {
  await main.leave();
  const { worker } = await start({ name: "late" });
  await worker.terminate();
  expect(members()).toEqual([]);
});
