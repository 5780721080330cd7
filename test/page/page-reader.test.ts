import { describe, expect, it } from "vitest";
import { type PageParts, readPage } from "../../src/page/page-reader.ts";
import { parseQuery } from "../../src/page/view/page-query.ts";
import type { AlertStatus, ListRequest, SeriesStatus } from "../../src/status/answers.ts";
import { BadSelector } from "../../src/status/label-condition.ts";

const NOW = 1_000_000;

function series(id: string, more: Partial<SeriesStatus> = {}): SeriesStatus {
  return {
    id,
    metric: `ai_${id}`,
    labels: {},
    unit: "",
    state: "ready",
    at: NOW,
    value: 1,
    horizons: [],
    ...more,
  };
}

const alert = (index: number, more: Partial<AlertStatus> = {}): AlertStatus =>
  ({
    ...{ name: `alert ${index}`, state: "firing", since: 1, severity: "page", metricName: "m", unit: "s" },
    ...{
      labels: {},
      current: 2,
      threshold: { direction: "above", value: 1 },
      summary: "It is slow.",
      secret: "kept",
    },
    ...more,
  }) as unknown as AlertStatus;

interface Known {
  /** All series, the most urgent first. */
  readonly urgent?: readonly SeriesStatus[];
  readonly ofAgents?: readonly SeriesStatus[];
  readonly selected?: readonly SeriesStatus[];
  readonly alerts?: readonly AlertStatus[];
}

/** Reads the page of a process that knows this, with what it asked for. */
async function read(known: Known, query = "") {
  const asked: ListRequest[] = [];
  const { urgent = [], ofAgents = [], selected = [], alerts = [] } = known;
  const parts = {
    service: "shop",
    reader: {
      forecasts: async (request: ListRequest) => {
        asked.push(request);
        if (request.match === "{") throw new BadSelector("it ends too early");
        if (request.match === "broken") throw new Error("broken");
        const forecasts = asked.length === 1 ? urgent : asked.length === 2 ? ofAgents : selected;
        return { now: NOW, series: 9, selected: forecasts.length, forecasts };
      },
      series: async (id: string) => [...urgent, ...selected].find((one) => one.id === id),
      tasksOf: async (name: string) =>
        name === "spans" ? undefined : { completed: 1, failed: 0, active: 0 },
      alerts: async () => alerts,
    },
  };
  return { data: await readPage(parts as unknown as PageParts, parseQuery(query)), asked };
}

const limit = { threshold: { direction: "above" as const, value: 9 } };
const soon = series("soon", { ...limit, secondsToThreshold: 60, recommendation: "Add one." });

describe("the headline", () => {
  it.each([
    [[], { tone: "waiting" }],
    [[series("a", { state: "warming-up" })], { tone: "waiting" }],
    [[series("a", { state: "warming-up" }), series("b")], { tone: "calm" }],
    [[series("a"), soon], { tone: "ahead", at: NOW + 60_000, series: "soon", recommendation: "Add one." }],
    [
      [series("a", { ...limit, secondsToThreshold: 0, at: NOW - 5 })],
      { tone: "trouble", at: NOW - 5, series: "a" },
    ],
  ])("of %j is %j", async (urgent, headline) => {
    const { data } = await read({ urgent });
    expect(data.headline).toEqual({ ...headline, text: expect.any(String) });
  });
});

describe("the open series", () => {
  const [young, ready] = [series("young", { state: "warming-up" }), series("ready")];

  it.each([
    ["series=ready", { urgent: [soon], selected: [ready] }, "ready"],
    ["series=unknown", { urgent: [soon], selected: [ready] }, "soon"],
    ["", { urgent: [soon], selected: [ready] }, "soon"],
    ["", { urgent: [young], selected: [young, ready] }, "ready"],
    ["", { urgent: [young], selected: [young] }, "young"],
    ["", {}, undefined],
  ])("at %j of %j is %s", async (query, known, open) => {
    const { data } = await read(known, query);
    expect(data.detail?.id).toBe(open);
    expect(Object.keys(data).includes("detail")).toBe(open !== undefined);
  });
});

describe("what is listed", () => {
  it("is what the query asks for, with values of five digits", async () => {
    const recent = { stepSeconds: 1, endsAt: 0, values: [1.234567, null, 123_456.7] };
    const selected = [series("a", { recent }), series("b")];
    const { data, asked } = await read({ selected }, "search=x&match={a=b}&page=3&sort=name");
    expect(asked).toEqual([
      { limit: 50, recent: 0 },
      expect.objectContaining({
        limit: 1000,
        recent: 48,
        match: expect.stringMatching(/^{agent!="",__name__=~"/),
      }),
      { limit: 50, recent: 48, sort: "name", offset: 100, search: "x", match: "{a=b}" },
    ]);
    expect(data.list).toMatchObject({ series: 9, selected: 2 });
    expect(data.list.forecasts.map((one) => one.recent?.values)).toEqual([
      [1.2346, null, 123_460],
      undefined,
    ]);
    expect(data).toMatchObject({ now: NOW, service: "shop" });
    expect(data).not.toHaveProperty("problem");
  });

  it("is everything if nothing is asked for", async () => {
    const { asked } = await read({});
    expect(asked[2]).toEqual({ limit: 50, recent: 48, sort: "urgency", offset: 0 });
  });

  it("is what the rest of the query selects if its selector can't be used, and why", async () => {
    const { data, asked } = await read({ selected: [series("a")] }, "search=x&match={");
    expect(asked[3]).toEqual({ limit: 50, recent: 48, sort: "urgency", offset: 0, search: "x" });
    expect(data.problem).toContain("it ends too early");
    expect(data.list.forecasts).toHaveLength(1);
    await expect(read({}, "match=broken")).rejects.toThrow("broken");
  });
});

describe("agents", () => {
  const of = (agent: string, metric: string, more: Partial<SeriesStatus> = {}) =>
    series(`${agent} ${metric}`, { metric, labels: { agent }, ...more });

  it("have their series in the order of what a person asks for, the most urgent agent first", async () => {
    const recent = { stepSeconds: 1, endsAt: 0, values: [1.234567] };
    const ofAgents = [
      of("spans", "ai_tokens_today", { process: "worker 2", recent }),
      of("planner", "ai_cpu_usage_percent"),
      of("spans", "ai_task_success_rate"),
      of("planner", "ai_latency_p95_seconds"),
    ];
    const { data } = await read({ ofAgents });
    const shown = data.agents.map(({ name, series: all, ...more }) => [
      name,
      all.map(({ metric }) => metric),
      more,
    ]);
    expect(shown).toEqual([
      ["spans", ["ai_task_success_rate", "ai_tokens_today"], { process: "worker 2" }],
      [
        "planner",
        ["ai_latency_p95_seconds", "ai_cpu_usage_percent"],
        { tasks: { completed: 1, failed: 0, active: 0 } },
      ],
    ]);
    expect(data.agents[0]?.series[1]?.recent?.values).toEqual([1.2346]);
    expect(data.hasMoreAgents).toBe(false);
  });

  it.each([
    [20, false],
    [21, true],
  ])("are at most 20: of %i there are more: %s", async (count, hasMore) => {
    const ofAgents = Array.from({ length: count }, (_, index) => of(`${index}`, "ai_cost_today"));
    const { data } = await read({ ofAgents });
    expect([data.agents.length, data.hasMoreAgents]).toEqual([20, hasMore]);
  });
});

it("the first fifty alerts are shown, with what the page needs of them", async () => {
  const alerts = [
    alert(0, { process: "worker 1", runbookUrl: "https://books.example" }),
    ...Array.from({ length: 50 }, (_, index) => alert(index + 1)),
  ];
  const { data } = await read({ alerts });
  expect(data.alerts).toHaveLength(50);
  const { secret: _, ...second } = alerts[1] as AlertStatus & { secret: string };
  expect(data.alerts[1]).toEqual(second);
  expect(data.alerts[0]).toMatchObject({ process: "worker 1", runbookUrl: "https://books.example" });
});
