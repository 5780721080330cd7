import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { type PullClock, PullSource } from "../../../src/gateway/sources/pull.ts";
import { StreamTable } from "../../../src/gateway/streams/stream-table.ts";
import { PrometheusClient } from "../../../src/promql/prometheus-client.ts";
import { until } from "../../eventually.ts";
import { type Answer, servedApi, vector } from "../../promql/served-api.ts";
import { MemoryIntake } from "./memory-intake.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1, 12, 0, 17);
const AT = START - 17_000;

const lines: string[] = [];
const running: PullSource[] = [];
beforeEach(() => {
  lines.length = 0;
  const write = (line: string) => lines.push(line.replace(/http:\/\/[\d.]+:\d+/g, "API"));
  const silent = () => {};
  diag.setLogger(
    { error: write, warn: write, info: write, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true },
  );
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()));
  diag.disable();
});

/** A clock with one timer, which rings when it is told to. */
class HandClock implements PullClock {
  millis = START;
  ring: (() => void) | undefined;
  delay = Number.NaN;
  now = (): number => this.millis;
  elapsedMillis = (): number => this.millis;
  pause = async (): Promise<void> => {};

  setTimeout(callback: () => void, millis: number): number {
    this.ring = callback;
    this.delay = millis;
    return 1;
  }

  clearTimeout(): void {
    this.ring = undefined;
  }

  /** Lets time pass until the timer rings, and so much longer. */
  next(late = 0): void {
    this.millis += this.delay + late;
    this.ring?.();
  }
}

type Failures = Record<string, number>;

class World {
  readonly clock = new HandClock();
  readonly intake = new MemoryIntake();
  readonly failures: Failures = {};
  readonly asked: { query: string; time: number }[] = [];
  received = 0;
  source!: PullSource;

  static async of(
    answer: Answer,
    queries: Readonly<Record<string, string>> = { depth: "sum(q)" },
    intervalMillis = MINUTE,
  ): Promise<World> {
    const world = new World();
    const url = await servedApi((request, response) => {
      const { parameters } = request;
      world.asked.push({
        query: parameters.get("query") ?? "",
        time: Math.round(Number(parameters.get("time")) * 1000),
      });
      return answer(request, response);
    });
    world.source = new PullSource({
      client: new PrometheusClient({ url }),
      queries: new Map(Object.entries(queries)),
      intervalMillis,
      intake: world.intake,
      clock: world.clock,
      observer: {
        received: (points) => {
          world.received += points;
        },
        failed: (reason, count) => {
          world.failures[reason] = (world.failures[reason] ?? 0) + count;
        },
      },
    });
    running.push(world.source);
    return world;
  }
}

const pods = (...values: readonly (readonly [string, string])[]): object =>
  vector(values.map(([pod, value]) => ({ metric: { __name__: "q", pod }, value: [AT / 1000, value] })));

describe("a query", () => {
  it("becomes a gauge with the labels of its result, at exact multiples of the interval", async () => {
    const world = await World.of(() => pods(["a", "1.5"], ["b", "2"]));
    await world.source.start();
    expect(world.asked).toEqual([{ query: "sum(q)", time: AT }]);
    expect(world.intake.headers).toEqual([
      { scope: "", name: "depth", unit: "", description: "sum(q)", kind: "gauge", temporality: "cumulative" },
    ]);
    expect(world.clock.delay).toBe(43_000);
    for (const count of [2, 3]) {
      world.clock.next(3);
      await until(() => world.received === 2 * count);
    }
    expect(world.asked.map(({ time }) => time)).toEqual([AT, AT + MINUTE, AT + 2 * MINUTE]);
    expect(world.intake.of("depth", { pod: "a" })).toEqual([
      [AT, 1.5],
      [AT + MINUTE, 1.5],
      [AT + 2 * MINUTE, 1.5],
    ]);
    expect(world.intake.reads).toBe(2);
    expect(world.source.problem).toBeUndefined();
    expect(lines).toEqual([]);
  });

  it("ends a series that is missing in its result, and begins it again", async () => {
    const results = [pods(["a", "1"], ["b", "2"]), pods(["b", "3"]), pods(["a", "4"], ["b", "5"])];
    const world = await World.of(() => results.shift());
    await world.source.start();
    for (const received of [3, 5]) {
      world.clock.next();
      await until(() => world.received === received);
    }
    expect(world.intake.of("depth", { pod: "a" })).toEqual([
      [AT, 1],
      [AT + MINUTE, "end"],
      [AT + 2 * MINUTE, 4],
    ]);
    expect(world.intake.of("depth", { pod: "b" })).toHaveLength(3);
  });

  it("counts points that can't be used", async () => {
    const world = await World.of(() =>
      vector([
        { metric: { pod: "a" }, value: [1, "NaN"] },
        { metric: { pod: "b" }, value: [1, "+Inf"] },
        { metric: { pod: "c" }, histogram: [1, { count: "1", sum: "1" }] },
        { metric: { __name__: "x", pod: "d" }, value: [1, "1"] },
        { metric: { __name__: "y", pod: "d" }, value: [1, "2"] },
        { metric: { pod: "full" }, value: [1, "3"] },
      ]),
    );
    world.intake.hasRoom = ({ pod }) => pod !== "full";
    await world.source.start();
    // The intake counts what it has no room for.
    expect(world.received).toBe(2);
    expect(world.failures).toEqual({ not_finite: 2, histogram: 1, duplicate: 1 });
    expect(world.intake.of("depth", { pod: "d" })).toEqual([[AT, 1]]);
  });
});

describe("the times", () => {
  it("of a query that is not answered are missed, while others are asked", async () => {
    let answer = (): void => {};
    const world = await World.of(
      ({ parameters }, response) => {
        if (parameters.get("query") === "fast") return pods(["a", "1"]);
        answer = () => response.end(JSON.stringify(pods(["a", "1"])));
        return undefined;
      },
      { slow: "slow", fast: "fast" },
    );
    const started = world.source.start();
    await until(() => world.received === 1);
    world.clock.next();
    await until(() => world.received === 2);
    expect(world.failures).toEqual({ missed: 1 });
    answer();
    await started;
    world.clock.next();
    await until(() => world.asked.length === 5);
    answer();
    await until(() => world.received === 5);
    expect(world.intake.of("slow", { pod: "a" }).map(([at]) => at)).toEqual([AT, AT + 2 * MINUTE]);
    expect(world.intake.of("fast", { pod: "a" })).toHaveLength(3);
  });

  it("at which the process did not run are missed, and counted", async () => {
    const world = await World.of(() => pods(["a", "1"]), { one: "1", two: "2" });
    await world.source.start();
    world.clock.next(3 * MINUTE + 5);
    await until(() => world.received === 4);
    expect(world.failures).toEqual({ missed: 6 });
    expect(world.asked.at(-1)?.time).toBe(AT + 4 * MINUTE);
    expect(world.clock.delay).toBe(MINUTE - 5);
  });

  it("may be further apart than a timer of Node can be set", async () => {
    const world = await World.of(() => pods(["a", "1"]), { depth: "sum(q)" }, 365 * 24 * 60 * MINUTE);
    await world.source.start();
    expect(world.clock.delay).toBe(2 ** 31 - 1);
    world.clock.next();
    expect([world.clock.delay, world.asked.length, world.failures]).toEqual([2 ** 31 - 1, 1, {}]);
  });

  it("are asked for once, also if the timer is early", async () => {
    const world = await World.of(() => pods(["a", "1"]));
    await world.source.start();
    world.clock.next(-2);
    await until(() => world.received === 2);
    expect([world.asked.at(-1)?.time, world.clock.delay]).toEqual([AT + MINUTE, 2]);
    world.clock.next();
    expect(world.clock.delay).toBe(MINUTE);
    expect([world.asked.length, world.failures]).toEqual([2, {}]);
  });

  it("go on after the clock was set back", async () => {
    const world = await World.of(() => pods(["a", "1"]));
    await world.source.start();
    world.clock.millis -= 60 * MINUTE;
    world.clock.ring?.();
    expect([world.asked.length, world.clock.delay]).toEqual([1, 43_000]);
    world.clock.next();
    await until(() => world.received === 2);
    expect(world.asked.at(-1)?.time).toBe(AT - 59 * MINUTE);
    expect(world.failures).toEqual({});
  });
});

describe("a source that fails", () => {
  it("is counted each time, logged once, and again when it works", async () => {
    let isDown = true;
    const world = await World.of(
      (_, response) => {
        if (!isDown) return pods(["a", "1"]);
        response.statusCode = 503;
        return "";
      },
      { one: "1", two: "2" },
    );
    await world.source.start();
    world.clock.next();
    await until(() => world.failures.refused === 4);
    expect(world.source.problem).toMatch(/^source http:.*: it answered 503: no reason given$/);
    isDown = false;
    world.clock.next();
    await until(() => world.received === 2);
    expect(world.source.problem).toBeUndefined();
    expect(lines).toEqual([
      "otel-forecast: source API: it answered 503: no reason given",
      "otel-forecast: source API answers again",
    ]);
    isDown = true;
    world.clock.next();
    await until(() => world.failures.refused === 6);
    expect(lines).toHaveLength(3);
  });

  it("by a wrong query is that query's problem, beside the outages of the source", async () => {
    let status = 200;
    const world = await World.of(
      ({ parameters }, response) => {
        const isWrong = parameters.get("query") === "wrong(";
        response.statusCode = isWrong ? 400 : status;
        if (isWrong) return { status: "error", errorType: "bad_data", error: "parse error" };
        return status === 200 ? pods(["a", "1"]) : "";
      },
      { bad: "wrong(", good: "1" },
    );
    await world.source.start();
    expect(world.source.problem).toMatch(
      /^query bad of source http:.*: it answered 400 \(bad_data\): parse error$/,
    );
    status = 502;
    world.clock.next();
    await until(() => world.failures.refused === 3);
    status = 200;
    world.clock.next();
    await until(() => world.failures.refused === 4 && world.received === 2);
    expect(lines).toEqual([
      "otel-forecast: query bad of source API: it answered 400 (bad_data): parse error",
      "otel-forecast: source API: it answered 502: no reason given",
      "otel-forecast: source API answers again",
    ]);
  });

  it("ends no series", async () => {
    const answers = [
      pods(["a", "1"]),
      { status: "success", data: { resultType: "scalar", result: [1, "1"] } },
    ];
    const world = await World.of(() => answers.shift());
    await world.source.start();
    world.clock.next();
    await until(() => world.failures.not_understood === 1);
    expect(world.intake.of("depth", { pod: "a" })).toEqual([[AT, 1]]);
    expect(world.source.problem).toMatch(/the query gives a scalar, expected a vector/);
  });
});

it("a source that is stopped gives up what is not answered, and says nothing of it", async () => {
  const world = await World.of(() => undefined);
  const started = world.source.start();
  await until(() => world.asked.length === 1);
  await world.source.stop();
  await started;
  expect([world.clock.ring, world.failures, lines]).toEqual([undefined, {}, []]);
});

it("puts its series into the streams of a gateway, and again after they were forgotten", async () => {
  let isDown = false;
  const clock = new HandClock();
  const url = await servedApi((_, response) => {
    if (isDown) response.statusCode = 503;
    return isDown ? "" : pods(["a", "1.5"]);
  });
  const table = new StreamTable({
    now: clock.now,
    windowMillis: MINUTE,
    staleMillis: 5 * MINUTE,
    expiryMillis: 60 * MINUTE,
    maxStreams: 10,
    tenantLabel: "tenant",
    dropped: (reason) => expect.unreachable(reason),
  });
  let [received, failed] = [0, 0];
  const source = new PullSource({
    client: new PrometheusClient({ url }),
    queries: new Map([["depth", "sum(q)"]]),
    intervalMillis: MINUTE,
    intake: table.intakeFor(),
    clock,
    observer: { received: () => (received += 1), failed: () => (failed += 1) },
  });
  running.push(source);
  const collected = () =>
    atOnce(table.collect()).map(({ name, points }) => [name, points.map(({ value }) => value)]);
  await source.start();
  expect(collected()).toEqual([["depth", [1.5]]]);
  isDown = true;
  clock.next();
  await until(() => failed === 1);
  clock.millis += 100 * MINUTE;
  table.expire();
  expect([table.size, collected()]).toEqual([0, []]);
  isDown = false;
  clock.next();
  await until(() => received === 2);
  expect(collected()).toEqual([["depth", [1.5]]]);
});
