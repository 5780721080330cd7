import { describe, expect, it, vi } from "vitest";
import { readReport, reportOf } from "../../src/processes/report.ts";
import { ReportedAgents } from "../../src/processes/reported-agents.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { Harness } from "../run/harness.ts";
import { totalOf, reportOf as workerReport } from "./orders.ts";

function gauge(agent: string, value: number, name = "ai_cloud.cpu.usage_percent") {
  const metric = { name, unit: "%", description: "CPU", scope: "otel-forecast/process", type: "gauge" };
  return { metric, labels: { agent }, value };
}

function setUp(onFull = (_max: number): void => {}) {
  const clock = { now: 1_000_000 };
  const own: string[] = [];
  const members = new ReportedAgents({
    now: () => 0,
    elapsedMillis: () => clock.now,
    expiryMillis: 10_000,
    ownNames: () => own,
    onFull,
  });
  const shown = async () => {
    const { resourceMetrics } = await members.collect();
    return resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => [attributes.agent, value]));
  };
  return { clock, members, own, shown };
}

describe("members of a process", () => {
  it("are shown as they last reported, until they end", async () => {
    const { members, shown } = setUp();
    expect(members.take("a", { self: "shop/a", series: [gauge("shop/a", 1), gauge("helper", 5)] })).toBe(
      true,
    );
    expect(members.take("b", { self: "shop/b", series: [gauge("shop/b", 2)] })).toBe(true);
    expect(members.take("a", { self: "shop/a", series: [gauge("shop/a", 3)] })).toBe(true);
    expect(await shown()).toEqual([
      ["shop/a", 3],
      ["shop/b", 2],
    ]);
    members.remove("a");
    expect(await shown()).toEqual([["shop/b", 2]]);
  });

  it("report what they used today, by an id that is the same over connections", () => {
    const taken: unknown[] = [];
    const members = new ReportedAgents({
      now: () => 0,
      elapsedMillis: () => 0,
      expiryMillis: 10_000,
      ownNames: () => [],
      onUsed: (id, used) => taken.push([id, used]),
    });
    const entry = {
      agent: "planner",
      lastUsedAt: 5,
      tokens: 3,
      models: [{ model: "m", tokens: 3, cost: 1 }],
    };
    const report = { self: "w", series: [], used: { id: "process", today: [entry, { agent: 7 }] } };
    expect(members.take("child 1", report)).toBe(true);
    expect(members.take("child 2", { ...report, used: { id: "" } })).toBe(false);
    expect(taken).toEqual([["process", [entry]]]);
  });

  it("get a number if they have the same name; a new member takes a free number", async () => {
    const { members, shown } = setUp();
    for (const id of ["a", "b", "c"]) members.take(id, { self: "w", series: [gauge("w", 1)] });
    expect((await shown()).map(([agent]) => agent)).toEqual(["w", "w#2", "w#3"]);
    members.remove("b");
    members.take("d", { self: "w", series: [gauge("w", 1)] });
    expect((await shown()).map(([agent]) => agent)).toEqual(["w", "w#3", "w#2"]);
  });

  it("have agents that get a number if several run agents of the same name", async () => {
    const { members, shown } = setUp();
    const report = (id: string, value: number) =>
      members.take(id, {
        self: id,
        series: [gauge(id, 0), gauge("planner", value), gauge("planner#2", value)],
      });
    for (const [id, value] of [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ] as const)
      report(id, value);
    expect((await shown()).filter(([agent]) => agent !== "a" && agent !== "b")).toEqual([
      ["planner", 3],
      ["planner#2", 3],
      ["planner#3", 2],
      ["planner#2#2", 2],
    ]);
    members.take("a", { self: "a", series: [gauge("a", 0)] });
    members.remove("b");
    report("c", 5);
    expect((await shown()).map(([agent]) => agent)).toEqual(["a", "c", "planner", "planner#2"]);
  });

  it("have agents that get different numbers, also if one is called like another one with its number", async () => {
    const { members, own, shown } = setUp();
    own.push("w");
    members.take("a", { self: "w", series: [gauge("w", 1), gauge("w#2", 2)] });
    expect(await shown()).toEqual([
      ["w#2", 1],
      ["w#2#2", 2],
    ]);
  });

  it("leave names to the process's own agents, also to later ones", async () => {
    const { members, own, shown } = setUp();
    own.push("shop");
    const report = () => members.take("a", { self: "shop", series: [gauge("shop", 1), gauge("planner", 2)] });
    report();
    expect((await shown()).map(([agent]) => agent)).toEqual(["shop#2", "planner"]);
    own.push("planner");
    expect((await shown()).map(([agent]) => agent)).toEqual(["shop#2", "planner#2"]);
    own.splice(0);
    report();
    expect((await shown()).map(([agent]) => agent)).toEqual(["shop#2", "planner#2"]);
  });

  it("are removed if they have not reported for too long", async () => {
    const { clock, members, shown } = setUp();
    members.take("a", { self: "w", series: [gauge("w", 1)] });
    clock.now += 10_000;
    expect(await shown()).toHaveLength(1);
    clock.now += 1;
    expect(await shown()).toEqual([]);
  });

  it("are handed on with their last report when they end or do not report any more", async () => {
    const gone: unknown[] = [];
    const clock = { now: 0 };
    const members = new ReportedAgents({
      now: () => 0,
      elapsedMillis: () => clock.now,
      expiryMillis: 10_000,
      ownNames: () => [],
      onGone: ({ self }, why) => gone.push([self, why]),
    });
    for (const id of ["thread 1", "child 2", "worker 3"]) members.take(id, { self: id, series: [] });
    members.remove("thread 1");
    members.remove("thread 1");
    members.remove("child 2");
    clock.now = 10_001;
    await members.collect();
    expect(gone).toEqual([
      ["thread 1", "its thread has ended"],
      ["child 2", "its process has ended"],
      ["worker 3", "its worker does not report any more"],
    ]);
  });

  it("are asked by the name of their process, with the names that their agents are shown by", async () => {
    const { members, own } = setUp();
    own.push("w");
    expect([members.turn, members.asked()]).toEqual([0, []]);
    const questions = { ask: async (question: unknown) => ["answer to", question] };
    members.take("a", { self: "w", series: [gauge("planner", 1)] }, questions as never);
    members.take("b", { self: "x", series: [gauge("planner", 1)] });
    expect(members.turn).toBe(2);
    members.take("b", { self: "x" });
    expect(members.turn).toBe(2);
    const asked = members.asked();
    expect(asked.map(({ process, agents }) => [process, Object.fromEntries(agents)])).toEqual([
      ["w#2", { w: "w#2", planner: "planner" }],
      ["x", { x: "x", planner: "planner#2" }],
    ]);
    expect(await Promise.all(asked.map((member) => member.ask("?")))).toEqual([
      ["answer to", "?"],
      undefined,
    ]);
  });

  it("that are workers of a cluster are called by their numbers, and are none any more when they end", () => {
    const workers = new WorkerTotals();
    const members = new ReportedAgents({
      ...{ now: () => 0, elapsedMillis: () => 0, expiryMillis: 10_000, ownNames: () => [], workers },
    });
    for (const id of ["worker 5", "worker 7"])
      members.take(id, { self: "shop", series: [], worker: workerReport(id, 3) });
    members.take("thread 1", { self: "thread", series: [] });
    expect(members.asked().map(({ process }) => process)).toEqual(["worker 1", "worker 2", "thread"]);
    expect(totalOf(workers, 1)).toBe(7);
    members.remove("worker 5");
    expect(workers.connected).toEqual([{ connection: "worker 7", number: 2 }]);
  });

  it("are at most 256, and each report of another one is passed over with a word", () => {
    const onFull = vi.fn();
    const { members } = setUp(onFull);
    const taken = Array.from({ length: 300 }, (_, id) => members.take(`${id}`, { self: "w", series: [] }));
    expect(taken.filter(Boolean)).toHaveLength(256);
    expect(onFull.mock.calls).toEqual(Array.from({ length: 44 }, () => [256]));
    expect(members.take("0", { self: "w", series: [] })).toBe(true);
    members.remove("0");
    expect(members.take("300", { self: "w", series: [] })).toBe(true);
  });
});

describe("a report", () => {
  it("contains the series with an agent, and survives JSON", async () => {
    const harness = new Harness();
    harness.pipeline.instruments.recorder.openTask("planner", "plan")("success", 2);
    await harness.ticks(3);
    const report = reportOf("planner", [await harness.pipeline.producer.collect()]);
    const names = new Set(report.series.map(({ metric }) => metric.name));
    expect(names).toContain("ai_cloud.task.duration");
    expect(names).toContain("ai_cloud.completed_tasks");
    expect([...names].filter((name) => name.startsWith("system."))).toEqual([]);
    const types = new Map(report.series.map(({ metric: { name, type } }) => [name, type]));
    expect(types.get("ai_cloud.task.duration")).toBe("histogram");
    expect(types.get("ai_cloud.completed_tasks")).toBe("counter");
    expect(types.get("ai_cloud.active_tasks")).toBe("gauge");
    expect(readReport(JSON.parse(JSON.stringify(report)))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it.each(["constructor", "__proto__"])("has its labels, also one that is called %s", (name) => {
    const labels = JSON.parse(`{ "agent": "w", "${name}": "a" }`);
    const report = { self: "w", series: [{ ...gauge("w", 1), labels }] };
    expect(Object.entries(readReport(report)?.series[0]?.labels ?? {})).toEqual(Object.entries(labels));
  });

  it.for([
    ["nothing", undefined],
    ["a text", "report"],
    ["no name", { self: "", series: [] }],
    ["a series of no agent", { self: "w", series: [{ ...gauge("w", 1), labels: {} }] }],
    ["a value that is none", { self: "w", series: [{ ...gauge("w", 1), value: "1" }] }],
    [
      "a histogram with a count too few",
      {
        self: "w",
        series: [{ ...gauge("w", 1), value: { buckets: { boundaries: [1], counts: [1] }, count: 1 } }],
      },
    ],
  ])("is not %s", ([, given]) => {
    expect(readReport(given)).toBeUndefined();
  });
});
