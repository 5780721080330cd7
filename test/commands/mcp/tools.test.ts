import { expect, it } from "vitest";
import { type Assistant, assistantOf, servingApi } from "./assistant.ts";
import { measured } from "./measured.ts";

/** An assistant of a pipeline with series of all kinds. */
async function assistant(): Promise<Assistant> {
  return assistantOf(await servingApi(await measured()));
}

const FAST = { metric: "queue_size", labels: { queue: "fast" }, unit: "{item}", state: "ready", value: 78 };
const PASSING = {
  threshold: { value: 100, direction: "above" },
  secondsToThreshold: 110,
  passesAt: "2026-01-01T06:08:30Z",
};

it("describes itself and its tools, which only read", async () => {
  const { client } = await assistant();
  expect(client.getServerVersion()).toMatchObject({
    name: "otel-forecast",
    version: expect.stringMatching(/^\d+\./),
  });
  expect(client.getInstructions()).toContain("never instructions");
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    "forecasts",
    "time_to_threshold",
    "day_end",
    "why",
    "alerts",
  ]);
  for (const { title, description, inputSchema, outputSchema, annotations } of tools) {
    expect(title).toMatch(/^[A-Z]/);
    expect(description?.length).toBeGreaterThan(100);
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    expect(outputSchema).toMatchObject({ type: "object", required: expect.any(Array) });
    expect(annotations).toEqual({
      title,
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
  }
});

it("forecasts lists the most urgent series, after one sentence on what is first", async () => {
  const { call } = await assistant();
  const { data, lines } = await call("forecasts", { match: "queue_size" });
  const headline = 'queue_size{queue="fast"} will be above its threshold of 100 items in about 110 seconds.';
  expect(data).toMatchObject({ headline, now: "2026-01-01T06:06:40Z", series: 16, selected: 3, leftOut: 0 });
  expect(data.forecasts).toMatchObject([
    {
      ...FAST,
      ...PASSING,
      at: "2026-01-01T06:06:40Z",
      trend: "increasing",
      horizons: [
        { horizon: "1m", predicted: 90, at: "2026-01-01T06:07:40Z" },
        { horizon: "5m", predicted: 138, at: "2026-01-01T06:11:40Z" },
      ],
    },
    { labels: { queue: "calm" }, value: 5, horizons: [{ lower: 5, upper: 5 }, {}] },
    { labels: { queue: "young" }, state: "warming-up", horizons: [], missingPoints: 11 },
  ]);
  const [{ id }, calm, young] = data.forecasts;
  expect(lines).toEqual([
    headline,
    "3 of 16 series selected.",
    `- queue_size{queue="fast"} (id ${id}): now 78 items, in 1m 90 items (90 items to 90 items), in 5m 138 items (138 items to 138 items). Its threshold is above 100 items: passed in about 110 seconds, at 2026-01-01 06:08:30 UTC.`,
    `- queue_size{queue="calm"} (id ${calm.id}): now 5 items, in 1m 5 items (5 items to 5 items), in 5m 5 items (5 items to 5 items). Its threshold is above 100 items.`,
    `- queue_size{queue="young"} (id ${young.id}): now 1 item. Its threshold is above 100 items. It has too few points for a forecast: 11 points are missing.`,
  ]);
});

it("forecasts finds text, and lists no more than it is asked for", async () => {
  const { call } = await assistant();
  const found = await call("forecasts", { search: "CALM" });
  expect(found.data).toMatchObject({ selected: 1, forecasts: [{ labels: { queue: "calm" } }] });
  const one = await call("forecasts", { limit: 1 });
  expect(one.data).toMatchObject({ selected: 16, leftOut: 15, forecasts: [FAST] });
  expect(one.lines).toHaveLength(3);
  expect(one.lines[1]).toBe("16 of 16 series selected, 15 of them not in this answer.");
  const none = await call("forecasts", { match: "nothing" });
  expect(none.lines).toEqual(["No series is selected.", "0 of 16 series selected."]);
});

it("time_to_threshold says when each threshold is passed, or that it is not", async () => {
  const { call } = await assistant();
  const { data, lines } = await call("time_to_threshold", {
    match: '{__name__=~"queue_size|budget.*|other"}',
  });
  expect(data).toMatchObject({ now: "2026-01-01T06:06:40Z", selected: 5, leftOut: 0, withoutThreshold: 1 });
  expect(data.thresholds).toMatchObject([
    { ...FAST, ...PASSING, outcome: "will-pass", withinSeconds: 300 },
    {
      metric: "budget_cost_today",
      outcome: "will-pass",
      passesAt: "2026-01-01T08:46:40Z",
      withinSeconds: 64_400,
    },
    { labels: { queue: "calm" }, outcome: "not-forecast", withinSeconds: 300 },
    { labels: { queue: "young" }, outcome: "no-forecast" },
  ]);
  expect(data.thresholds[2]).not.toHaveProperty("secondsToThreshold");
  expect(lines.map((line) => line.replace(/ \(id \w+\)/, ""))).toEqual([
    "5 of 16 series selected. 1 of them has no threshold.",
    '- queue_size{queue="fast"} will be above its threshold of 100 items in about 110 seconds, at 2026-01-01 06:08:30 UTC, and is 78 items now.',
    "- budget_cost_today will be above its threshold of 1000 in about 2.5 hours, at 2026-01-01 08:46:40 UTC, and is 40 now.",
    '- queue_size{queue="calm"} is not forecast to be above its threshold of 100 items within 5 minutes, and is 5 items now.',
    '- queue_size{queue="young"} has no forecast yet for when it is above its threshold of 100 items, and is 1 item now. It has too few points for a forecast: 11 points are missing.',
  ]);
});

it("day_end says what totals of the day come to", async () => {
  const { call } = await assistant();
  const { data, lines } = await call("day_end", { match: '{__name__=~".*cost_today|other"}' });
  // 1 in 10 seconds from 6 o'clock to midnight.
  const total = { midnight: "2026-01-02T00:00:00Z", value: 40, predicted: expect.closeTo(6480, 0) };
  expect(data).toMatchObject({
    selected: 3,
    leftOut: 0,
    totals: [
      {
        ...total,
        metric: "budget_cost_today",
        threshold: { value: 1000, direction: "above" },
        secondsToThreshold: 9600,
        passesAt: "2026-01-01T08:46:40Z",
      },
      { ...total, metric: "ai_cloud_cost_today", labels: { agent: "planner" } },
    ],
  });
  expect(lines.map((line) => line.replace(/ \(id \w+\)/, ""))).toEqual([
    "3 of 16 series selected. 2 of them are forecast to midnight.",
    "- budget_cost_today comes to 6480 (6480 to 6480) by 2026-01-02 00:00:00 UTC. It is 40 now. It will be above its threshold of 1000 in about 2.5 hours, at 2026-01-01 08:46:40 UTC.",
    '- ai_cloud_cost_today{agent="planner"} comes to 6480 (6480 to 6480) by 2026-01-02 00:00:00 UTC. It is 40 now. It has no threshold.',
  ]);
  const none = await call("day_end", { match: "other" });
  expect(none.data.totals).toEqual([]);
  expect(none.text).toContain("None of them has a forecast for midnight");
});

it("why explains one series, by its id or a selector of it", async () => {
  const { call } = await assistant();
  const { data, lines } = await call("why", { match: 'queue_size{queue="fast"}' });
  expect(data).toMatchObject({
    selected: 1,
    explained: {
      ...FAST,
      quality: [
        { horizon: "1m", model: "linear-trend", backtestError: expect.closeTo(0), liveError: 0, coverage: 1 },
        { horizon: "5m", model: "linear-trend", backtestError: expect.closeTo(0) },
      ],
      recommendation: expect.stringContaining("add workers"),
    },
  });
  const { id, recommendation } = data.explained;
  expect(lines).toEqual([
    `queue_size{queue="fast"} (id ${id}) is 78 items now.`,
    "- in 1m: model linear-trend. Error in the backtest: 100% less than assuming no change. Error of live forecasts: 100% less than assuming no change. 100% of the real values were inside the 80 % interval.",
    "- in 5m: model linear-trend. Error in the backtest: 100% less than assuming no change. Error of live forecasts: not known yet.",
    `Recommendation: "${recommendation}"`,
  ]);
  expect((await call("why", { id })).data).toEqual(data);
  const young = await call("why", { match: 'queue_size{queue="young"}' });
  expect(young.data.explained).toMatchObject({ state: "warming-up", missingPoints: 11, quality: [] });
  expect(young.text).toMatch(
    /is 1 item now\. It has too few points for a forecast: 11 points are missing\.$/,
  );
});

it("why lists several series, and asks for one", async () => {
  const { call } = await assistant();
  const { data, lines, isError } = await call("why", { match: "queue_size" });
  expect(isError).toBe(false);
  expect(data).toMatchObject({
    selected: 3,
    candidates: ["fast", "calm", "young"].map((queue) => ({ labels: { queue } })),
  });
  expect(data).not.toHaveProperty("explained");
  expect(lines[0]).toBe(
    "3 series are selected. Ask again with the id of one of them, or with a selector of one:",
  );
  expect(lines[1]).toBe(`- queue_size{queue="fast"} (id ${data.candidates[0].id})`);
  expect(lines).toHaveLength(4);
});

it("alerts lists those that fire, then those that are pending", async () => {
  const { call } = await assistant();
  const { data, lines } = await call("alerts");
  expect(data).toMatchObject({
    firing: 1,
    pending: 1,
    leftOut: 0,
    alerts: [
      {
        name: "QueueIsFull",
        state: "firing",
        since: "2026-01-01T06:02:50Z",
        severity: "warning",
        metric: "queue_size",
        labels: { queue: "fast" },
        unit: "{item}",
        threshold: { value: 90, direction: "above" },
        at: "2026-01-01T06:06:40Z",
        value: 78,
        predicted: 138,
        secondsToThreshold: 60,
        summary: "queue_size (queue fast) is heading above 90 items",
        description: expect.stringContaining("add workers"),
      },
      { name: "QueueIsLong", state: "pending" },
    ],
  });
  expect(lines[0]).toBe("1 alert fires, 1 is pending.");
  expect(lines[1]).toMatch(
    /^- firing since 2026-01-01 06:02:50 UTC: QueueIsFull \(warning\) on queue_size\{queue="fast"\}: "queue_size \(queue fast\) is heading above 90 items", "queue_size .*add workers.*"$/,
  );
  expect(lines[2]).toMatch(/^- pending since .*: QueueIsLong /);
  expect(lines).toHaveLength(3);
});
