import { DiagLogLevel, diag } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Hurry } from "../../src/core/hurry.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { SkipLog } from "../../src/logging/skip-log.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { GuardedMeterProvider } from "../../src/otel/guarded-meters.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const throwing = {
  get x(): never {
    throw new Error("of the application");
  },
};
/** Attributes that no SDK accepts, and the labels that they become. */
const hostile: [unknown, Record<string, string>][] = [
  [{ id: 10n }, { id: "10" }],
  [{ user: cyclic }, { user: "[unreadable]" }],
  [
    { id: 1, user: cyclic },
    { id: "1", user: "[unreadable]" },
  ],
  [null, {}],
  [throwing, { x: "[unreadable]" }],
];

let reader: CollectionReader;
let skips: SkipLog;
let provider: GuardedMeterProvider;

beforeEach(() => {
  diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} }, DiagLogLevel.NONE);
  reader = new CollectionReader({ maxAttributeSets: 100 });
  skips = new SkipLog();
  provider = new GuardedMeterProvider(new MeterProvider({ readers: [reader] }), skips);
});

/** The points of one collection, by the name of the metric. */
async function measured(): Promise<Record<string, unknown>> {
  const metrics = atOnce(measuredMetrics(await reader.collect()));
  return Object.fromEntries(metrics.map(({ name, points }) => [name, points]));
}

describe.each(hostile)("attributes that no SDK accepts (%#)", (attributes, labels) => {
  const given = attributes as never;

  it("become text in synchronous instruments", async () => {
    const meter = provider.getMeter("app");
    meter.createCounter("counter").add(2, given);
    meter.createUpDownCounter("level").add(-2, given);
    meter.createHistogram("histogram").record(3, given);
    meter.createGauge("gauge").record(4, given);
    expect(await measured()).toEqual({
      counter: [{ labels, value: 2 }],
      level: [{ labels, value: -2 }],
      histogram: [{ labels, value: expect.objectContaining({ count: 1, sum: 3 }) }],
      gauge: [{ labels, value: 4 }],
    });
  });

  it("become text in callbacks", async () => {
    const meter = provider.getMeter("app");
    const gauge = meter.createObservableGauge("alone");
    const other = meter.createObservableGauge("in.a.batch");
    gauge.addCallback((result) => result.observe(5, given));
    meter.addBatchObservableCallback((result) => result.observe(other, 6, given), [other]);
    expect(await measured()).toEqual({
      alone: [{ labels, value: 5 }],
      "in.a.batch": [{ labels, value: 6 }],
    });
    expect(skips.counts.size).toBe(0);
  });
});

describe("a guarded meter", () => {
  it("never throws, whatever the arguments, and keeps measuring", async () => {
    const meter = provider.getMeter("app");
    const anything = fc.anything({
      withBigInt: true,
      withNullPrototype: true,
      withDate: true,
      withMap: true,
    });
    fc.assert(
      fc.property(anything, anything, anything, (one, two, three) => {
        const [a, b, c] = [one, two, three] as [never, never, never];
        provider.getMeter(a, b, c).createCounter("x").add(a, b);
        meter.createCounter("counter", a).add(a, b);
        meter.createHistogram("histogram", b).record(a, b);
        meter.createUpDownCounter(a, b).add(a, b);
        meter.createGauge(a, b).record(a, b);
        meter.createObservableCounter(a, b).addCallback(c);
        meter.createObservableGauge(b, a).removeCallback(c);
        meter.addBatchObservableCallback(a, b);
        meter.removeBatchObservableCallback(a, b);
      }),
    );
    meter.createCounter("sound").add(1, { tool: "search" });
    expect(await measured()).toMatchObject({ sound: [{ labels: { tool: "search" }, value: 1 }] });
  });

  it.each([undefined, null, 5, {}, Symbol("name")])(
    "ignores an instrument with the name %s",
    async (name) => {
      const meter = provider.getMeter("app");
      meter.createCounter(name as never).add(1);
      meter.createObservableGauge(name as never).addCallback((result) => result.observe(1));
      meter.createGauge("sound").record(2);
      expect(await measured()).toEqual({ sound: [{ labels: {}, value: 2 }] });
      expect(Object.fromEntries(skips.counts)).toEqual({ unreadable: 2 });
    },
  );

  it("removes a callback that was added", async () => {
    const meter = provider.getMeter("app");
    const gauge = meter.createObservableGauge("gauge");
    const callback = vi.fn();
    gauge.addCallback(callback);
    meter.addBatchObservableCallback(callback, [gauge]);
    gauge.removeCallback(callback);
    meter.removeBatchObservableCallback(callback, [gauge]);
    await reader.collect();
    expect(callback).not.toHaveBeenCalled();
  });

  it("does not call a callback again that still runs, once the monitor shuts down", async () => {
    const hurry = new Hurry();
    const ended = Promise.withResolvers<void>();
    const own = new CollectionReader({ maxAttributeSets: 100, hurry });
    const meter = new GuardedMeterProvider(new MeterProvider({ readers: [own] }), skips, hurry).getMeter(
      "app",
    );
    const hanging = vi.fn(() => ended.promise);
    meter.createObservableGauge("hung").addCallback(hanging);
    meter.createObservableGauge("good").addCallback((result) => result.observe(1));
    const underWay = own.collect({ timeoutMillis: 1_000_000 });
    hurry.begin();
    for (const result of [await underWay, await own.collect({ timeoutMillis: 1_000_000 })]) {
      expect(atOnce(measuredMetrics(result))).toMatchObject([{ name: "good" }]);
      expect(result.errors).toHaveLength(1);
    }
    expect(hanging).toHaveBeenCalledTimes(1);
    ended.resolve();
    await ended.promise;
    await own.collect();
    await own.collect();
    expect(hanging.mock.calls.length).toBeGreaterThan(1);
  });

  it("does not call a callback again that hangs, until it has ended", async () => {
    vi.spyOn(performance, "now").mockReturnValue(0);
    const ended = Promise.withResolvers<void>();
    const hanging = vi.fn(() => ended.promise);
    provider.getMeter("app").createObservableGauge("hung").addCallback(hanging);
    await reader.collect({ timeoutMillis: 1 });
    await reader.collect({ timeoutMillis: 1 });
    expect(hanging).toHaveBeenCalledTimes(2);
    vi.mocked(performance.now).mockReturnValue(5000);
    await reader.collect({ timeoutMillis: 1 });
    expect(hanging).toHaveBeenCalledTimes(2);
    ended.resolve();
    await ended.promise;
    await reader.collect();
    await reader.collect();
    expect(hanging.mock.calls.length).toBeGreaterThan(2);
    vi.restoreAllMocks();
  });

  it("counts skipped measurements and callbacks", () => {
    const counter = provider.getMeter("app").createCounter("counter");
    counter.add(Symbol("x") as never);
    counter.add(Symbol("y") as never);
    provider
      .getMeter("app")
      .createObservableGauge("gauge")
      .addCallback(undefined as never);
    expect(Object.fromEntries(skips.counts)).toEqual({ unreadable: 2, no_callback: 1 });
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a symbol", Symbol("x")],
    ["an object without a text", Object.create(null)],
    ["an error", new Error("boom")],
  ])("loses only the metric of a callback that throws %s, at once or later", async (_, thrown) => {
    const meter = provider.getMeter("app");
    meter.createObservableGauge("bad").addCallback(() => {
      throw thrown;
    });
    meter.createObservableGauge("worse").addCallback(() => Promise.reject(thrown));
    meter.createObservableGauge("good").addCallback((result) => result.observe(1));
    const result = await reader.collect();
    expect(result.errors).toHaveLength(2);
    expect(atOnce(measuredMetrics(result))).toMatchObject([
      { name: "good", points: [{ labels: {}, value: 1 }] },
    ]);
  });
});
