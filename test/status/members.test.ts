import { describe, expect, it } from "vitest";
import type { ForecastPipeline } from "../../src/run/forecast-pipeline.ts";
import { answerTo } from "../../src/status/member-questions.ts";
import type { StatusMember } from "../../src/status/members.ts";
import { StatusReader } from "../../src/status/status-reader.ts";
import { Harness } from "../run/harness.ts";

const TICKS = 40;

/** What a process forecasts in which each of these agents has a queue that grows by this much. */
async function processWith(growth: Readonly<Record<string, number>>): Promise<StatusReader> {
  const harness = new Harness({
    method: "linear-trend",
    horizons: ["1m", "5m"],
    views: [
      {
        instruments: ["queue.size"],
        by: ["agent"],
        outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
      },
    ],
    thresholds: { queue_size: { above: 500 } },
    alerts: [{ name: "QueueIsFull", metric: "queue_size", threshold: { above: 3 }, on: "level" }],
  });
  const size = harness.application().getMeter("app").createGauge("queue.size");
  await harness.ticks(TICKS, (tick) => {
    for (const [agent, step] of Object.entries(growth)) size.record(step * tick, { agent });
  });
  return readerOf(harness.pipeline, () => harness.world.now(), Object.keys(growth).length);
}

function readerOf(pipeline: ForecastPipeline, now: () => number, active: number): StatusReader {
  return new StatusReader({
    engine: () => pipeline.engine,
    alerts: () => pipeline.alerting,
    now,
    tasksOf: (agent) => (agent === "planner" ? { completed: 1, failed: 0, active } : undefined),
  });
}

/** A member as it is reached from another process: questions and answers are text. */
function member(
  reader: StatusReader,
  name: string,
  agents: Readonly<Record<string, string>>,
  change: (answer: unknown) => unknown = (answer) => answer,
): StatusMember {
  const wire = (given: unknown): unknown =>
    given === undefined ? undefined : JSON.parse(JSON.stringify(given));
  return {
    process: name,
    agents: new Map(Object.entries(agents)),
    ask: async (question) => change(wire(await answerTo(reader, wire(question)))),
  };
}

function showing(reader: StatusReader, ...members: StatusMember[]): StatusReader {
  reader.readToo({ turn: 1000, asked: () => members });
  return reader;
}

const QUEUES = { match: "queue_size", limit: 10 };
const shown = ({ labels, process }: { labels: object; process?: string }) => ({ ...labels, process });

/** A process that shows a worker, which shows a child of its own. */
async function family(): Promise<StatusReader> {
  const child = await processWith({ planner: 8, secret: 9 });
  const worker = await processWith({ planner: 20, coder: 1 });
  showing(worker, member(child, "shop/child", { planner: "planner#2" }));
  const owner = await processWith({ planner: 10 });
  return showing(
    owner,
    member(worker, "worker 2", { planner: "planner#2", "planner#2": "planner#3", coder: "coder" }),
  );
}

describe("the status of a process that shows others", () => {
  it("has the series of all, the most urgent first, by the names that they are shown by", async () => {
    const list = await (await family()).forecasts(QUEUES);
    expect(list.forecasts.map(shown)).toEqual([
      { agent: "planner#2", process: "worker 2" },
      { agent: "planner", process: undefined },
      { agent: "planner#3", process: "worker 2, shop/child" },
      { agent: "coder", process: "worker 2" },
    ]);
    expect(list).toMatchObject({ selected: 4, processes: { others: 1, silent: 0 } });
    // A tick is 10 s.
    expect(list.forecasts[0]?.slopePerHour).toBeCloseTo(20 * 360, 3);
  });

  it("counts and pages over all of them", async () => {
    const reader = await family();
    const all = await reader.forecasts(QUEUES);
    for (const offset of [0, 1, 2, 3, 4]) {
      const page = await reader.forecasts({ ...QUEUES, limit: 2, offset });
      expect(page.forecasts).toEqual(all.forecasts.slice(offset, offset + 2));
      expect(page.selected).toBe(4);
    }
  });

  it("selects and searches by the names that agents are shown by", async () => {
    const reader = await family();
    const selected = await reader.forecasts({ match: 'queue_size{agent="planner#3"}', limit: 10, recent: 3 });
    expect(selected.forecasts.map(({ recent }) => recent?.values)).toEqual([[8 * 37, 8 * 38, 8 * 39]]);
    expect((await reader.forecasts({ search: "PLANNER#2", limit: 10 })).forecasts.map(shown)).toEqual([
      { agent: "planner#2", process: "worker 2" },
    ]);
    expect((await reader.forecasts({ search: "secret", limit: 10 })).selected).toBe(0);
  });

  it("has each series by its id, with its chart", async () => {
    const reader = await family();
    for (const series of (await reader.forecasts(QUEUES)).forecasts) {
      const { past, path, quality, before, ...status } = (await reader.series(series.id)) ?? {};
      expect(status).toEqual(series);
      expect([past?.values.length, path?.length, quality?.length, before?.length].every(Boolean)).toBe(true);
    }
    expect(await reader.series("unknown")).toBeUndefined();
  });

  it("has the alerts and the tasks of all", async () => {
    const reader = await family();
    const alerts = await reader.alerts();
    expect(alerts.map(({ agentName, ...alert }) => [agentName, shown(alert)])).toEqual(
      expect.arrayContaining([
        ["planner#3", { agent: "planner#3", process: "worker 2, shop/child" }],
        ["coder", { agent: "coder", process: "worker 2" }],
        ["planner", { agent: "planner", process: undefined }],
      ]),
    );
    expect(alerts).toHaveLength(4);
    const since = alerts.map((alert) => alert.since);
    expect(since).toEqual(since.toSorted((one, other) => one - other));
    expect(new Set(since).size).toBeGreaterThan(1);
    const active = async (agent: string) => (await reader.tasksOf(agent))?.active;
    expect([await active("planner"), await active("planner#2"), await active("planner#3")]).toEqual([
      1, 2, 2,
    ]);
    expect(await active("coder")).toBeUndefined();
  });

  it("changes when a member reports", async () => {
    const alone = await processWith({ planner: 1 });
    const { turn } = alone;
    expect(showing(alone).turn).toBe(turn + 1000);
  });
});

describe("a member", () => {
  it.each([
    ["nothing", undefined],
    ["no list", { series: 1, selected: 1, forecasts: "all" }],
    ["a series without labels", { series: 1, selected: 1, forecasts: [{ id: "1", metric: "x", unit: "" }] }],
    ["a forecast that is no number", oneSeries({ predicted: null })],
  ])("that answers %s is left out, and that is counted", async (_, answer) => {
    const broken = member(
      await processWith({ planner: 1 }),
      "worker 2",
      { planner: "planner#2" },
      () => answer,
    );
    const reader = showing(await processWith({ planner: 10 }), broken);
    const list = await reader.forecasts(QUEUES);
    expect(list.forecasts.map(shown)).toEqual([{ agent: "planner", process: undefined }]);
    expect(list.processes).toEqual({ others: 1, silent: 1 });
    expect([await reader.series("x"), await reader.tasksOf("planner#2")]).toEqual([undefined, undefined]);
    expect(await reader.alerts()).toHaveLength(1);
  });

  it.each([
    undefined,
    {},
    { about: "secrets", names: [] },
    { about: "series", names: "all", id: "x" },
    { about: "forecasts", names: [], request: { limit: -1 } },
  ])("refuses a question that it does not know: %j", async (question) => {
    await expect(answerTo(await processWith({ planner: 1 }), question)).rejects.toThrow();
  });
});

function oneSeries(bounds: object) {
  const horizon = { horizon: "1m", at: 1, predicted: 1, lower: 1, upper: 1, ...bounds };
  const series = { id: "1", metric: "x", labels: {}, unit: "", state: "ready", horizons: [horizon] };
  return { series: 1, selected: 1, forecasts: [series] };
}
