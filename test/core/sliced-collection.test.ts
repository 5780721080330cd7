import type { Meter } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type CollectionResult,
  MeterProvider,
  type MetricProducer,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, it, vi } from "vitest";
import { inSlices, STILL_RUNNING } from "../../src/core/sliced-collection.ts";

const NOW = 1_700_000_000_250;

class Reader extends MetricReader {
  producer: MetricProducer | undefined;

  override setMetricProducer(producer: MetricProducer): void {
    this.producer = producer;
    super.setMetricProducer(producer);
  }

  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** A reader of the SDK and what it was given to collect from, with these instruments. */
function provided(
  instruments: (meter: Meter, other: Meter) => void,
  aggregationTemporality = AggregationTemporality.CUMULATIVE,
) {
  const reader = new Reader({ aggregationTemporalitySelector: () => aggregationTemporality });
  const provider = new MeterProvider({ readers: [reader] });
  instruments(provider.getMeter("one"), provider.getMeter("other"));
  return reader.producer as MetricProducer;
}

/** A clock on which the work between two readings takes so long. */
function clockOf(millis: number) {
  let elapsed = 0;
  return {
    elapsedMillis: () => {
      elapsed += millis;
      return elapsed;
    },
    pause: vi.fn(async () => {}),
  };
}

function everyKind(meter: Meter, other: Meter): void {
  meter.createCounter("requests").add(3, { path: "/" });
  meter.createHistogram("seconds").record(0.2, { path: "/" });
  meter.createUpDownCounter("open").add(-1);
  other.createGauge("level").record(7);
  other.createCounter("never.used");
  meter.createObservableGauge("heat").addCallback((result) => result.observe(20, { room: "a" }));
  const total = meter.createObservableCounter("seen");
  const active = meter.createObservableUpDownCounter("active");
  meter.addBatchObservableCallback(
    (result) => {
      result.observe(total, 5);
      result.observe(active, 2);
    },
    [total, active],
  );
}

/** Without the times, which the clock of the SDK gives. Meters are in the order of their names. */
function withoutTimes({ resourceMetrics, errors }: CollectionResult): unknown {
  const scopeMetrics = resourceMetrics.scopeMetrics.toSorted((a, b) =>
    a.scope.name < b.scope.name ? -1 : 1,
  );
  return JSON.parse(JSON.stringify({ scopeMetrics, errors: errors.map(String) }), (key, value) =>
    ["startTime", "endTime"].includes(key) ? "time" : value,
  );
}

it.each([AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])(
  "collects what the SDK collects, with temporality %s, again and again",
  async (temporality) => {
    const plain = provided(everyKind, temporality);
    const source = provided(everyKind, temporality);
    const sliced = inSlices(source, clockOf(0), () => NOW);
    const whole = vi.spyOn(source, "collect");
    for (let times = 0; times < 3; times += 1)
      expect(withoutTimes(await sliced.collect({ timeoutMillis: 1000 }))).toEqual(
        withoutTimes(await plain.collect({ timeoutMillis: 1000 })),
      );
    expect(whole).not.toHaveBeenCalled();
  },
);

it("gives every point the time of the collection", async () => {
  const { resourceMetrics } = await inSlices(provided(everyKind), clockOf(0), () => NOW).collect();
  const points = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ dataPoints }) => dataPoints.map(({ endTime }) => endTime)),
  );
  expect(new Set(points.map(String))).toEqual(new Set(["1700000000,250000000"]));
});

it("lets the event loop run between two callbacks and between two instruments", async () => {
  const clock = clockOf(10);
  await inSlices(provided(everyKind), clock, () => NOW).collect();
  // Two callbacks, and eight instruments.
  expect(clock.pause).toHaveBeenCalledTimes(10);
  const quick = clockOf(0);
  await inSlices(provided(everyKind), quick, () => NOW).collect();
  expect(quick.pause).not.toHaveBeenCalled();
});

it("loses the metrics of a callback that hangs or throws, and no others", async () => {
  const source = provided((meter) => {
    meter.createObservableGauge("hangs").addCallback(() => new Promise(() => {}));
    meter.createObservableGauge("throws").addCallback(() => {
      throw new Error("broken");
    });
    meter.createObservableGauge("works").addCallback((result) => result.observe(1));
  });
  const { resourceMetrics, errors } = await inSlices(source, clockOf(0), () => NOW).collect({
    timeoutMillis: 50,
  });
  const names = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.filter(({ dataPoints }) => dataPoints.length > 0).map(({ descriptor }) => descriptor.name),
  );
  expect(names).toEqual(["works"]);
  expect(errors.map(String).toSorted()).toEqual(["Error: Operation timed out.", "Error: broken"]);
});

/** The state of the SDK, in whose second meter one part is replaced by a number. */
function stateWithout(path: "registry" | "_callbacks" | "_batchCallbacks" | "observe" | "getStorages") {
  const registry = { _callbacks: [], _batchCallbacks: [], observe: () => [] };
  const storages = { getStorages: () => [] };
  const meter = { observableRegistry: registry, metricStorageRegistry: storages };
  const parts = { ...registry, ...storages, [path]: 1 };
  const other = {
    observableRegistry: path === "registry" ? undefined : parts,
    metricStorageRegistry: parts,
  };
  return {
    _sharedState: {
      meterSharedStates: new Map<string, object>([
        ["a", meter],
        ["b", other],
      ]),
    },
  };
}

it.each<readonly [string, object]>([
  ["nothing of the SDK", {}],
  ["another state", { _sharedState: { meterSharedStates: new Map([[1, {}]]) } }],
  ["meters that are no map", { _sharedState: { meterSharedStates: [] } }],
  ["another registry", stateWithout("registry")],
  ["other callbacks", stateWithout("_callbacks")],
  ["other callbacks of several instruments", stateWithout("_batchCallbacks")],
  ["another way to call them", stateWithout("observe")],
  ["other storages", stateWithout("getStorages")],
])("uses the source's own way if it has %s", async (_, parts) => {
  const result = { resourceMetrics: { scopeMetrics: [] }, errors: [] };
  const source = { ...parts, collect: vi.fn(async () => result) };
  const options = { timeoutMillis: 5 };
  expect(await inSlices(source, clockOf(10), () => NOW).collect(options)).toBe(result);
  expect(source.collect).toHaveBeenCalledWith(options);
});

it("does not call a callback again that hangs, until it has ended", async () => {
  const ended = Promise.withResolvers<void>();
  let calls = 0;
  const source = provided((meter) => {
    meter.createObservableGauge("hangs").addCallback(async (result) => {
      calls += 1;
      if (calls <= 2) await ended.promise;
      result.observe(calls);
    });
    meter.createObservableGauge("works").addCallback(async (result) => result.observe(3));
  });
  let elapsed = 0;
  const clock = { elapsedMillis: () => elapsed, pause: async () => {} };
  const collected = async (options = {}) => {
    const { resourceMetrics, errors } = await inSlices(source, clock, () => NOW).collect(options);
    const shown = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]),
    );
    return { ...Object.fromEntries(shown), errors: errors.map(String) };
  };
  const impatient = { timeoutMillis: 20 };
  // A reader without patience does not show that a callback hangs.
  for (let times = 1; times <= 2; times += 1) {
    expect(await collected(impatient)).toMatchObject({ works: 3, errors: ["Error: Operation timed out."] });
    expect(calls).toBe(times);
  }
  elapsed = 5000;
  // Without a limit: it would wait for ever.
  expect(await collected()).toMatchObject({ works: 3, errors: [`Error: ${STILL_RUNNING}`] });
  expect(calls).toBe(2);
  ended.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await collected()).toEqual({ hangs: 3, works: 3, errors: [] });
});

/** A thenable that is no promise, and how often its `then` was read and called. */
function thenable(then: (resolve: (value?: unknown) => void, reject: (error: Error) => void) => void) {
  const used = { reads: 0, calls: 0 };
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what it is to be.
  const value = Object.defineProperty({}, "then", {
    get: () => {
      used.reads += 1;
      return (...given: Parameters<typeof then>) => {
        used.calls += 1;
        then(...given);
      };
    },
  });
  return { value: value as Promise<void>, used };
}

/** A source with a callback that returns this, and how to collect from it after some time. */
function returning(value: () => unknown) {
  let calls = 0;
  const source = provided((meter) => {
    meter.createObservableGauge("answers").addCallback((result) => {
      calls += 1;
      result.observe(calls);
      return value() as Promise<void>;
    });
  });
  let elapsed = 0;
  const clock = { elapsedMillis: () => elapsed, pause: async () => {} };
  return {
    calls: () => calls,
    collectedAfter: async (millis: number) => {
      elapsed += millis;
      const { errors } = await inSlices(source, clock, () => NOW).collect({ timeoutMillis: 20 });
      return errors.map(String);
    },
  };
}

it("does not call a callback again whose thenable has not ended, until it has", async () => {
  let end = (): void => {};
  const endless = thenable((resolve) => {
    end = resolve;
  });
  const { calls, collectedAfter } = returning(() => endless.value);
  expect(await collectedAfter(0)).toEqual(["Error: Operation timed out."]);
  expect(await collectedAfter(5000)).toEqual([`Error: ${STILL_RUNNING}`]);
  expect(calls()).toBe(1);
  // As often as the SDK alone.
  expect(endless.used).toEqual({ reads: 1, calls: 1 });
  end();
  await new Promise((resolve) => setImmediate(resolve));
  await collectedAfter(0);
  expect(calls()).toBe(2);
});

it.each<[string, () => unknown, string[]]>([
  ["a thenable that answers at once", () => thenable((resolve) => resolve()).value, []],
  ["a thenable that answers twice", () => thenable((resolve) => [resolve(), resolve()]).value, []],
  [
    "a thenable that throws",
    () =>
      thenable(() => {
        throw new Error("broken");
      }).value,
    ["Error: broken"],
  ],
  [
    "a thenable whose then cannot be read",
    () =>
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what it is to be.
      Object.defineProperty({}, "then", {
        get: () => {
          throw new Error("unreadable");
        },
      }),
    ["Error: unreadable"],
  ],
  [
    "a thenable that fails",
    () => thenable((_, reject) => reject(new Error("failed"))).value,
    ["Error: failed"],
  ],
  ["an object that is no thenable", () => ({ value: 1 }), []],
  ["a text", () => "done", []],
])("calls a callback again that returned %s", async (_, value, errors) => {
  const { calls, collectedAfter } = returning(value);
  for (let times = 1; times <= 3; times += 1) {
    expect(await collectedAfter(5000)).toEqual(errors);
    expect(calls()).toBe(times);
  }
});

it("follows a promise whose own then does harm", async () => {
  const harmful = Object.assign(new Promise<void>(() => {}), {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
    then: () => {
      throw new Error("harm");
    },
  });
  const { calls, collectedAfter } = returning(() => harmful);
  expect(await collectedAfter(0)).toEqual(["Error: harm"]);
  expect(await collectedAfter(5000)).toEqual(["Error: harm"]);
  expect(calls()).toBe(2);
});
