import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Backfill } from "../../src/backfill/backfill.ts";
import type { BackfillOptions, Outcome, RestoredSeries } from "../../src/backfill/backfill-options.ts";
import { askedAsRate, askedByName, askedByQuery } from "../../src/backfill/past-question.ts";
import type { Sample } from "../../src/core/sample.ts";
import type { Labels, SeriesKey } from "../../src/core/series-key.ts";
import { PrometheusClient } from "../../src/promql/prometheus-client.ts";
import type { Resolution } from "../../src/series/resolution.ts";
import { until } from "../eventually.ts";
import { type Answer, type Received, servedApi, vector } from "../promql/served-api.ts";
import { expectSame, fedLive } from "./as-live.ts";
import { FakePrometheus, type FakeSeries } from "./fake-prometheus.ts";
import { TestClock } from "./test-clock.ts";

const NOW = Date.UTC(2026, 5, 7, 12, 34, 56, 789);
const STEP = 10_000;
const NEWEST = Math.floor(NOW / STEP) * STEP;
const GATHERING_MILLIS = 500;
const SMALL: readonly Resolution[] = [
  { stepSeconds: 10, capacity: 30 },
  { stepSeconds: 60, capacity: 40 },
  { stepSeconds: 900, capacity: 12 },
];

const lines: string[] = [];
const running: Backfill[] = [];
beforeEach(() => {
  lines.length = 0;
  const write = (line: string) => lines.push(line.replace(/http:\/\/\S+/g, "API"));
  const silent = () => {};
  diag.setLogger(
    { error: write, warn: write, info: write, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true },
  );
});
afterEach(() => {
  for (const backfill of running.splice(0)) backfill.stop();
  diag.disable();
});

/** Samples of some hours, which differ by the level. */
function samplesOf(level: number): Map<number, number> {
  const all = Array.from({ length: 2000 }, (_, index) => NEWEST - (1999 - index) * STEP);
  return new Map(all.map((at) => [at, level + Math.sin(at / 77_777)]));
}

function seriesOf(level: number, labels: Labels): FakeSeries {
  return { labels, samples: samplesOf(level) };
}

/** The samples of a series that a store would have taken. */
function live({ samples }: FakeSeries, held: readonly Sample[] = []): ReturnType<typeof fedLive> {
  const before = held[0]?.at ?? Number.POSITIVE_INFINITY;
  const past = [...samples].filter(([at]) => at < before);
  const from = (Math.floor((NOW - 300_000) / 900_000) - 12) * 900_000;
  return fedLive(SMALL, [
    ...past.filter(([at]) => at >= from),
    ...held.map(({ at, value }) => [at, value] as const),
  ]);
}

/** A backfill of a fake API. */
class World {
  readonly clock = new TestClock(NOW);
  readonly received: Received[] = [];
  readonly restored: RestoredSeries[] = [];
  readonly outcomes: Outcome[] = [];
  readonly backfill: Backfill;

  private constructor(client: PrometheusClient, received: Received[], options: Partial<BackfillOptions>) {
    this.received = received;
    this.backfill = new Backfill({
      client,
      clock: this.clock,
      resolutions: SMALL,
      restore: (series) => this.restored.push(series),
      observer: { ended: (outcome) => this.outcomes.push(outcome) },
      ...options,
    });
    running.push(this.backfill);
  }

  /** @param answer answers instead of the fake API, unless it returns "usual". */
  static async of(
    series: Readonly<Record<string, readonly FakeSeries[]>>,
    options: Partial<BackfillOptions> = {},
    answer: (...given: Parameters<Answer>) => unknown = () => "usual",
  ): Promise<World> {
    const prometheus = new FakePrometheus((expression) => {
      const [name = ""] = expression.split("{");
      return series[name] ?? [];
    }, true);
    const received: Received[] = [];
    const url = await servedApi((request, response) => {
      received.push(request);
      const other = answer(request, response);
      return other === "usual" ? prometheus.answer(request) : other;
    });
    return new World(new PrometheusClient({ url }), received, options);
  }

  ask(key: SeriesKey, question = askedByName(key.metric)): boolean {
    return this.backfill.ask(key, question);
  }

  /** Lets series be asked for that were gathered, and waits until none waits. */
  async answered(): Promise<void> {
    this.clock.advance(GATHERING_MILLIS);
    await until(() => this.backfill.pending === 0);
  }

  snapshotOf(labels: Labels): RestoredSeries["snapshot"] | undefined {
    return this.restored.find(({ key }) => JSON.stringify(key.labels) === JSON.stringify(labels))?.snapshot;
  }

  /** The queries so far, without their ranges. */
  get queries(): string[] {
    return this.received.map(({ parameters }) => parameters.get("query") ?? "");
  }
}

describe("all series of a metric", () => {
  const series = [seriesOf(1, { __name__: "m", pod: "a" }), seriesOf(2, { __name__: "m", pod: "b" })];

  it("are restored as if they had been taken live", async () => {
    const world = await World.of({ m: series });
    world.backfill.askAll(askedByQuery("depth", "m"));
    expect(world.backfill.pending).toBe(1);
    expect(world.backfill.isPending("depth", { any: "label" })).toBe(true);
    expect(world.backfill.isPending("other", {})).toBe(false);
    await until(() => world.backfill.pending === 0);
    expect(world.restored.map(({ key }) => key)).toEqual([
      { metric: "depth", labels: { pod: "a" } },
      { metric: "depth", labels: { pod: "b" } },
    ]);
    for (const one of series) expectSame(world.snapshotOf({ pod: one.labels.pod as string }), live(one));
    expect(world.outcomes).toEqual(["restored", "restored"]);
    expect(world.backfill.isPending("depth", { pod: "a" })).toBe(false);
    expect(lines).toEqual([
      "otel-forecast: backfill: asks API for the past of series",
      "otel-forecast: backfill: done after 0 s: 2 of 2 series have their past",
    ]);
  });

  it("are asked for once for each tier, with those that were seen first", async () => {
    const world = await World.of({ m: series });
    world.backfill.askAll(askedByQuery("depth", "m"));
    world.backfill.askAll(askedByQuery("depth", "m"));
    expect(world.ask({ metric: "depth", labels: { pod: "a" } })).toBe(true);
    await world.answered();
    expect(world.queries).toHaveLength(1 + SMALL.length);
    expect(world.queries[0]).toMatch(/^max_over_time\(\(\(m\n/);
    expect(world.queries[1]).toBe("m");
    expect(world.received.slice(1).map(({ path }) => path)).toEqual(Array(3).fill("/api/v1/query_range"));
  });

  it("have other keys or none, if the caller says so", async () => {
    const world = await World.of({ m: series });
    world.backfill.askAll(askedByQuery("depth", "m"), ({ pod }) =>
      pod === "a" ? { metric: "of_pods", labels: { name: "a" } } : undefined,
    );
    await world.answered();
    expect(world.restored.map(({ key }) => key)).toEqual([{ metric: "of_pods", labels: { name: "a" } }]);
  });
});

describe("series that are seen for the first time", () => {
  const series = [
    seriesOf(1, { __name__: "m", pod: "a", job: "j" }),
    seriesOf(2, { __name__: "m", pod: "b", job: "j" }),
    seriesOf(3, { __name__: "m", pod: "c", instance: "1" }),
    seriesOf(4, { __name__: "m", pod: "c", instance: "2" }),
  ];
  const keyOf = (pod: string): SeriesKey => ({ metric: "m", labels: { pod } });

  it("are asked for together, and found by their labels", async () => {
    const world = await World.of({ m: series });
    for (const pod of ["a", "b", "c", "none"]) expect(world.ask(keyOf(pod))).toBe(true);
    expect(world.backfill.pending).toBe(4);
    expect(world.ask(keyOf("a"))).toBe(true);
    expect(world.received).toEqual([]);
    await world.answered();
    expect(world.queries[1]).toBe('m{pod=~"a|b|c|none"}');
    expect(world.queries).toHaveLength(1 + SMALL.length);
    for (const [index, pod] of ["a", "b"].entries())
      expectSame(world.snapshotOf({ pod }), live(series[index] as FakeSeries));
    expect(world.restored).toHaveLength(2);
    expect(world.outcomes).toEqual(["restored", "restored", "ambiguous", "no_past"]);
    expect(lines.at(-1)).toBe(
      "otel-forecast: backfill: done after 1 s: 2 of 4 series have their past, 1 have none, 1 are ambiguous",
    );
  });

  it("are asked for no further if none is known", async () => {
    const world = await World.of({});
    world.ask(keyOf("new"));
    await world.answered();
    expect(world.queries).toHaveLength(1);
    expect(world.restored).toEqual([]);
  });

  it("may be made of counters", async () => {
    const rate = askedAsRate({ metric: "m_per_second", counter: "m_total", windowMillis: 60_000 });
    const world = await World.of({ "rate(m_total": [seriesOf(5, { pod: "a", job: "j" })] });
    world.ask({ metric: "m_per_second", labels: { pod: "a" } }, rate);
    await world.answered();
    expect(world.queries[1]).toBe('rate(m_total{pod="a"}[60000ms])');
    expect(world.outcomes).toEqual(["restored"]);
  });

  it("are chosen by the caller if several have their labels", async () => {
    const world = await World.of(
      { m: series },
      { choose: (found) => found.find(({ labels }) => labels.instance === "2") },
    );
    world.ask(keyOf("c"));
    await world.answered();
    expectSame(world.snapshotOf({ pod: "c" }), live(series[3] as FakeSeries));
  });

  it("are asked for in the tiers that they are stored in", async () => {
    const world = await World.of({ m: series });
    world.backfill.ask(keyOf("a"), askedByName("m"), { resolutions: SMALL.slice(0, 1) });
    world.backfill.ask(keyOf("b"), askedByName("m"));
    await world.answered();
    expect(world.restored.map(({ snapshot }) => snapshot.tiers.length)).toEqual([1, 3]);
  });
});

it("leaves out what is no finite number, and asks for that only where there is some", async () => {
  const odd = seriesOf(1, { pod: "a" });
  const samples = new Map(odd.samples);
  for (let back = 150; back < 400; back += 7)
    samples.set(NEWEST - back * STEP, back % 2 === 0 ? Number.NaN : 1 / 0);
  const world = await World.of({ m: [{ ...odd, samples }] });
  world.backfill.askAll(askedByQuery("m", "m"));
  await world.answered();
  const finite = new Map([...samples].filter(([, value]) => Number.isFinite(value)));
  expectSame(world.snapshotOf({ pod: "a" }), live({ ...odd, samples: finite }));
  expect(world.queries.filter((query) => query.includes("Inf"))).toHaveLength(2);
});

describe("an outage", () => {
  /** Samples before and after a time without any, which ends so long ago. */
  function withOutage(slots: number): FakeSeries {
    const { labels, samples } = seriesOf(1, { pod: "a" });
    const kept = [...samples].filter(([at]) => at > NEWEST - 5 * STEP || at <= NEWEST - (5 + slots) * STEP);
    return { labels, samples: new Map(kept) };
  }

  it("is asked over, because what was before it is still used", async () => {
    const one = withOutage(300);
    const world = await World.of({ m: [one] });
    world.backfill.askAll(askedByQuery("m", "m"));
    await world.answered();
    expectSame(world.snapshotOf({ pod: "a" }), live(one));
    expect(world.queries).toHaveLength(1 + SMALL.length + 2);
  });

  it("is not asked over if it was very long", async () => {
    const resolutions = [...SMALL.slice(0, 2), { stepSeconds: 900, capacity: 100 }];
    const world = await World.of({ m: [withOutage(1500)] }, { resolutions });
    world.backfill.askAll(askedByQuery("m", "m"));
    await world.answered();
    const [finest, minutes] = world.snapshotOf({ pod: "a" })?.tiers ?? [];
    expect(finest?.values).toHaveLength(4);
    expect(minutes?.values).toHaveLength(40);
  });
});

describe("samples that come while a series waits", () => {
  const series = seriesOf(1, { __name__: "m", pod: "a" });
  const key: SeriesKey = { metric: "m", labels: { pod: "a" } };
  // A little later than multiples of the interval: the slots stay where they are.
  const held = [0, 1, 2].map((index) => ({ at: NEWEST - 18_000 + index * STEP, value: 50 + index }));

  it("are neither lost nor doubled", async () => {
    const world = await World.of({ m: [series] });
    expect(world.backfill.hold(key, held[0] as Sample)).toBe(false);
    world.ask(key);
    for (const sample of held) expect(world.backfill.hold(key, sample)).toBe(true);
    await world.answered();
    expectSame(world.snapshotOf(key.labels), live(series, held));
    expect(world.backfill.hold(key, { at: NOW, value: 1 })).toBe(false);
  });

  it("are kept for series of a metric that is asked for as a whole, also for those without a past", async () => {
    const world = await World.of({ m: [series] });
    world.backfill.askAll(askedByQuery("m", "m"));
    const young: SeriesKey = { metric: "m", labels: { pod: "young" } };
    for (const sample of held) {
      expect(world.backfill.hold(key, sample)).toBe(true);
      expect(world.backfill.hold(young, sample)).toBe(true);
    }
    await world.answered();
    expectSame(world.snapshotOf(key.labels), live(series, held));
    const alone = held.map(({ at, value }) => [at, value] as const);
    expectSame(world.snapshotOf(young.labels), fedLive(SMALL, alone));
    expect(world.outcomes.toSorted()).toEqual(["no_past", "restored"]);
  });

  it("are handed over when it ends, and nothing after that", async () => {
    let answer = (): void => {};
    const world = await World.of({ m: [series] }, {}, (_, response) => {
      answer = () => response.end("{}");
    });
    world.ask(key);
    for (const sample of held) world.backfill.hold(key, sample);
    world.clock.advance(GATHERING_MILLIS);
    await until(() => world.received.length === 1);
    world.backfill.stop();
    expect(world.restored).toHaveLength(1);
    expect(world.restored[0]?.snapshot.tiers[0]?.open).toMatchObject({ value: 52 });
    expect([world.backfill.pending, world.ask(key), world.backfill.hold(key, held[0] as Sample)]).toEqual([
      0,
      false,
      false,
    ]);
    world.backfill.askAll(askedByQuery("m", "m"));
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect([world.backfill.pending, world.restored.length]).toEqual([0, 1]);
  });
});

describe("an API that does not answer as it should", () => {
  const series = [seriesOf(1, { __name__: "m", pod: "a" })];
  const key: SeriesKey = { metric: "m", labels: { pod: "a" } };
  const sample = { at: NOW, value: 7 };

  it("is asked again after errors that may pass, later and later", async () => {
    let failures = 8;
    const world = await World.of({ m: series }, {}, ({ path }, response) => {
      if (path.endsWith("/query") || failures === 0) return "usual";
      failures -= 1;
      response.statusCode = failures % 2 === 0 ? 503 : 429;
      if (failures === 0) response.setHeader("retry-after", "40");
      return "";
    });
    world.backfill.askAll(askedByQuery("m", "m"));
    for (const wait of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 40_000]) {
      await until(() => world.clock.sleeping.includes(wait));
      world.clock.advance(wait);
    }
    await until(() => world.backfill.pending === 0);
    expectSame(world.snapshotOf(key.labels), live(series[0] as FakeSeries));
    expect(lines.at(-1)).toBe("otel-forecast: backfill: done after 131 s: 1 of 1 series have their past");
  });

  it("is waited for five minutes", async () => {
    const world = await World.of({ m: series });
    world.backfill.askAll(askedByQuery("m", "m"));
    expect(world.clock.sleeping).toContain(300_000);
    await until(() => world.backfill.pending === 0);
  });

  it("is asked again within five minutes, whatever wait it asks for", async () => {
    const budgetMillis = 600_000;
    let hasFailed = false;
    const world = await World.of({ m: series }, { budgetMillis }, ({ path }, response) => {
      if (path.endsWith("/query") || hasFailed) return "usual";
      hasFailed = true;
      response.statusCode = 503;
      // Longer than a timer of Node can wait: it would end at once.
      response.setHeader("retry-after", "9999999");
      return "";
    });
    world.backfill.askAll(askedByQuery("m", "m"));
    const asked = (): number[] =>
      world.clock.sleeping.filter((wait) => wait > 60_000 && wait !== budgetMillis);
    await until(() => asked().length > 0);
    expect(asked()).toEqual([300_000]);
  });

  it("is asked for shorter ranges if one is too much for it", async () => {
    const refused: number[] = [];
    const world = await World.of({ m: series }, {}, ({ path, parameters }, response) => {
      if (path.endsWith("/query")) return "usual";
      const [start, end, step] = ["start", "end", "step"].map((name) => Number(parameters.get(name)));
      const points = ((end as number) - (start as number)) / (step as number) + 1;
      if (points <= 16) return "usual";
      refused.push(points);
      response.statusCode = 422;
      return { status: "error", errorType: "execution", error: "too many samples" };
    });
    world.backfill.askAll(askedByQuery("m", "m"));
    await until(() => world.backfill.pending === 0);
    expect(refused.length).toBeGreaterThan(3);
    expectSame(world.snapshotOf(key.labels), live(series[0] as FakeSeries));
  });

  it("is not asked for shorter ranges if it refuses a query for another reason", async () => {
    let refused = 0;
    const world = await World.of({ m: series }, {}, ({ path }, response) => {
      if (path.endsWith("/query")) return "usual";
      refused += 1;
      response.statusCode = 400;
      return { status: "error", errorType: "bad_data", error: "not now" };
    });
    world.backfill.askAll(askedByQuery("m", "m"));
    await until(() => world.backfill.pending === 0);
    // Once for a tier, until one has failed.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(SMALL.length);
  });

  it("is not asked again after other errors, and what was held is handed over", async () => {
    const world = await World.of({ m: series }, {}, (_, response) => {
      response.statusCode = 401;
      return "";
    });
    world.ask(key);
    world.backfill.hold(key, sample);
    await world.answered();
    expect(world.received).toHaveLength(1);
    expect(world.restored[0]?.snapshot.tiers.map(({ open }) => open)).toEqual(
      Array(3).fill({ value: 7, count: 1, at: NOW }),
    );
    expect(lines.at(-1)).toBe(
      "otel-forecast: backfill: done after 1 s: 0 of 1 series have their past, 1 have none or a part of it; the last error: API it answered 401: no reason given",
    );
  });

  it("delays no other series for ten minutes after it has only failed", async () => {
    let status = 400;
    const world = await World.of({ m: series }, {}, (_, response) => {
      if (status === 200) return "usual";
      response.statusCode = status;
      return "";
    });
    world.ask(key);
    await world.answered();
    expect(world.ask(key)).toBe(false);
    status = 200;
    world.clock.advance(599_999);
    expect(world.ask(key)).toBe(false);
    world.clock.advance(1);
    expect(world.ask(key)).toBe(true);
    await world.answered();
    expect(world.outcomes).toEqual(["failed", "restored"]);
    // The second time all is well: nothing is said.
    expect(lines).toHaveLength(2);
  });

  it("is given up when the time is up, with one line, and what was answered is used", async () => {
    let asked = 0;
    const world = await World.of({ m: series }, { budgetMillis: 60_000 }, () => {
      asked += 1;
      return asked <= 2 ? "usual" : undefined;
    });
    world.ask(key);
    world.backfill.hold(key, sample);
    world.clock.advance(GATHERING_MILLIS);
    await until(() => world.received.length === 3);
    world.clock.advance(59_999);
    expect(world.backfill.pending).toBe(1);
    world.clock.advance(1);
    await until(() => world.backfill.pending === 0);
    const [{ snapshot }] = world.restored as [RestoredSeries];
    expect(snapshot.tiers[0]?.values).toHaveLength(30);
    expect(snapshot.tiers[0]?.open).toMatchObject({ count: 1, value: 7 });
    expect(snapshot.tiers[2]?.values.length).toBeLessThan(3);
    expect(lines.at(-1)).toBe(
      "otel-forecast: backfill: given up after 61 s: 0 of 1 series have their past, 1 have none or a part of it",
    );
    expect(world.ask({ metric: "m", labels: { pod: "later" } })).toBe(false);
  });

  it("fails for one metric, and not for others", async () => {
    const world = await World.of({ m: series }, {}, ({ parameters }, response) => {
      if (!parameters.get("query")?.includes("broken")) return "usual";
      response.statusCode = 400;
      return { status: "error", errorType: "bad_data", error: "parse error" };
    });
    world.backfill.askAll(askedByQuery("broken", "broken("));
    world.backfill.askAll(askedByQuery("m", "m"));
    await until(() => world.backfill.pending === 0);
    expect(world.outcomes).toEqual(["restored"]);
    expect(lines.at(-1)).toMatch(
      /1 of 1 series have their past; the last error: API it answered 400 \(bad_data\)/,
    );
    expect(world.ask({ metric: "m", labels: { pod: "later" } })).toBe(true);
  });

  it("tells the error that ended it, and not what was stopped for that reason", async () => {
    const many = Array.from({ length: 20_000 }, (_, pod) => ({
      metric: { pod: String(pod) },
      value: [1, "1"],
    }));
    const world = await World.of({}, {}, ({ path }, response) => {
      if (path.endsWith("/query")) return vector(many);
      if (world.received.length < 4) return undefined;
      response.statusCode = 400;
      return "";
    });
    world.ask({ metric: "m", labels: { pod: "7" } });
    await world.answered();
    expect(lines.at(-1)).toMatch(/the last error: API it answered 400: no reason given$/);
  });

  it("is refused if it answers for other times", async () => {
    const world = await World.of({ m: series }, {}, ({ path }) =>
      path.endsWith("/query")
        ? "usual"
        : {
            status: "success",
            data: { resultType: "matrix", result: [{ metric: { pod: "a" }, values: [[1, "1"]] }] },
          },
    );
    world.ask(key);
    await world.answered();
    expect(world.outcomes).toEqual(["failed"]);
    expect(lines.at(-1)).toMatch(/it answered for 1970-01-01T00:00:01.000Z, which was not asked for$/);
  });
});

it("asks so many queries at the same time, and no more", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const world = await World.of({}, { concurrency: 3 }, (_, response) => {
    waiting.push(() =>
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } })),
    );
    most = Math.max(most, waiting.length);
  });
  for (let index = 0; index < 10; index++) world.backfill.askAll(askedByQuery(`m${index}`, `m${index}`));
  expect(world.backfill.pending).toBe(10);
  for (let answered = 0; answered < 10; answered++) {
    await until(() => waiting.length === Math.min(3, 10 - answered));
    waiting.shift()?.();
  }
  await until(() => world.backfill.pending === 0);
  expect(most).toBe(3);
});

it("says how far it is, every ten seconds", async () => {
  let isAnswering = false;
  const world = await World.of({ m: [seriesOf(1, { pod: "a" })] }, {}, () =>
    isAnswering ? "usual" : undefined,
  );
  for (const pod of ["a", "b", "c"]) world.ask({ metric: "m", labels: { pod } });
  world.clock.advance(GATHERING_MILLIS);
  await until(() => world.received.length === 1);
  for (let count = 0; count < 2; count++) {
    await until(() => world.clock.sleeping.some((left) => left <= 10_000));
    world.clock.advance(10_000);
    await until(() => lines.length === 2 + count);
  }
  expect(lines.slice(1)).toEqual([
    "otel-forecast: backfill: 0 of 3 series, 11 s",
    "otel-forecast: backfill: 0 of 3 series, 21 s",
  ]);
  isAnswering = true;
});

it("goes on if the caller can't take a series", async () => {
  const world = await World.of(
    { m: [seriesOf(1, { pod: "a" }), seriesOf(2, { pod: "b" })] },
    {
      restore: ({ key }) => {
        if (key.labels.pod === "a") throw new Error("no room");
        world.restored.push({ key, snapshot: { tiers: [] }, resolutions: SMALL, isAnswered: true });
      },
    },
  );
  world.backfill.askAll(askedByQuery("m", "m"));
  await until(() => world.backfill.pending === 0);
  expect(world.restored.map(({ key }) => key.labels.pod)).toEqual(["b"]);
  expect(lines.at(-1)).toMatch(/the last error: no room$/);
});

it("hands over in slices, in which further samples are held", async () => {
  const pods = Array.from({ length: 20 }, (_, index) => String(index));
  const world = await World.of(
    { m: pods.map((pod) => seriesOf(1, { pod })) },
    { restore: () => world.clock.advance(1) },
  );
  world.backfill.askAll(askedByQuery("m", "m"));
  const before = world.clock.pauses;
  await until(() => world.backfill.pending === 0);
  expect(world.clock.pauses - before).toBeGreaterThanOrEqual(10);
});

it("waits for no metric any more once it has ended", async () => {
  const world = await World.of({}, {}, () => undefined);
  world.backfill.askAll(askedByQuery("m", "m"));
  expect(world.backfill.isPending("m", {})).toBe(true);
  world.backfill.stop();
  expect([world.backfill.pending, world.backfill.isPending("m", {})]).toEqual([0, false]);
});

it("hands over each series once, although it ends meanwhile", async () => {
  const pods = ["a", "b", "c"];
  const world = await World.of(
    { m: pods.map((pod) => seriesOf(1, { pod })) },
    {
      restore: (series) => {
        world.restored.push(series);
        world.backfill.stop();
      },
    },
  );
  world.backfill.askAll(askedByQuery("m", "m"));
  for (const pod of pods) world.backfill.hold({ metric: "m", labels: { pod } }, { at: NOW, value: 1 });
  await until(() => world.backfill.pending === 0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(world.restored.map(({ key }) => key.labels.pod)).toEqual(pods);
});
