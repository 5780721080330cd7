import { types } from "node:util";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as exported from "../../src/index.ts";
import { HOSTILE, hostileArguments, made } from "../harness/hostile-values.ts";
import { runs } from "../harness/runs.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type AnyClass = new (...args: unknown[]) => object;

const RUNS = runs(150);
const QUIET = { exporters: [], collectionIntervalMillis: 3_600_000, method: "naive" } as const;
const monitors: { shutdown(): Promise<void> }[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

function remembered<Made extends { shutdown(): Promise<void> }>(made: Made): Made {
  monitors.push(made);
  return made;
}

/** A sound object of each exported class. A class that is missing here fails the test below. */
const SOUND: Readonly<Record<string, () => object>> = {
  PerformanceMonitor: () => remembered(new exported.PerformanceMonitor(QUIET)),
  MetricsCollector: () => remembered(new exported.MetricsCollector(QUIET)),
  AgentSuccessTracker: () => new exported.AgentSuccessTracker(),
  AgentHandle: () => remembered(new exported.PerformanceMonitor(QUIET)).agent("sound"),
  TimeSeriesForecaster: () => new exported.TimeSeriesForecaster(),
  PrometheusMetricsExporter: () => remembered(new exported.PrometheusMetricsExporter({ port: 0 })),
  AgentMetricsCollector: () =>
    new exported.AgentMetricsCollector(remembered(new exported.PrometheusMetricsExporter({ port: 0 }))),
};

const isClass = (value: unknown): value is AnyClass =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
const classes = Object.entries(exported).filter(([, value]) => isClass(value)) as [string, AnyClass][];
const functions = Object.entries(exported).filter(
  ([, value]) => typeof value === "function" && !isClass(value),
) as [string, AnyFunction][];

/** The methods and getters of an object, of all its classes. */
function membersOf(object: object): { name: string; isGetter: boolean }[] {
  const members = new Map<string, boolean>();
  for (let owner = Object.getPrototypeOf(object); owner !== Object.prototype; ) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(owner)))
      if (name !== "constructor") members.set(name, descriptor.get !== undefined);
    owner = Object.getPrototypeOf(owner);
  }
  return Array.from(members, ([name, isGetter]) => ({ name, isGetter }));
}

const methods = classes.flatMap(([className]) =>
  membersOf(SOUND[className]?.() ?? {}).map(({ name, isGetter }) => [className, name, isGetter] as const),
);

beforeEach(() => {
  diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} }, DiagLogLevel.ALL);
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
  vi.stubEnv("OTEL_METRICS_EXPORTER", "none");
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
});

afterEach(async () => {
  for (const monitor of monitors.splice(0)) await monitor.shutdown();
  process.off("unhandledRejection", onUnhandled);
  diag.disable();
  vi.unstubAllEnvs();
});

/**
 * Calls, waits for a promise that comes of it, and fails with what was thrown or rejected. The
 * result is in an object, because it may be a thenable that never settles.
 */
async function mustNotThrow(
  what: string,
  args: readonly unknown[],
  call: () => unknown,
): Promise<{ result?: unknown }> {
  try {
    const result = call();
    return { result: types.isPromise(result) ? await result : result };
  } catch (error) {
    // The work of a task is the application's own: its error is passed on.
    if (isWork(what, args)) return {};
    throw new Error(`${what} threw ${describeThrown(error)}`, { cause: error });
  }
}

function isWork(what: string, args: readonly unknown[]): boolean {
  return what === "AgentHandle.task" && typeof args[1] === "function";
}

function describeThrown(error: unknown): string {
  return types.isNativeError(error) ? (error.stack ?? "an error") : typeof error;
}

it("has a sound object of each exported class", () => {
  expect(classes.map(([name]) => name).sort()).toEqual(Object.keys(SOUND).sort());
});

describe.each(methods)("%s.%s", (className, name, isGetter) => {
  it("never throws or rejects, whatever it is handed", async () => {
    const what = `${className}.${name}`;
    const object = SOUND[className]?.() as Record<string, AnyFunction>;
    await fc.assert(
      fc.asyncProperty(hostileArguments, async (recipes) => {
        const args = made(recipes);
        const { result } = await mustNotThrow(what, args, () =>
          isGetter ? object[name] : object[name]?.(...args),
        );
        if (typeof result === "function")
          await mustNotThrow(`what ${what} returned`, args, () => result(...args));
      }),
      { numRuns: RUNS },
    );
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  });
});

describe.each(classes)("the constructor of %s", (_, Made) => {
  it("throws nothing but errors that name what was wrong", async () => {
    fc.assert(
      fc.property(hostileArguments, (recipes) => {
        mustThrowClearly(() => new Made(...made(recipes)));
      }),
      { numRuns: RUNS },
    );
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  });
});

describe.each(functions)("%s", (name, call) => {
  it("throws nothing but errors that name what was wrong", async () => {
    fc.assert(
      fc.property(hostileArguments, (recipes) => {
        mustThrowClearly(() => call(...made(recipes)));
      }),
      // Each call starts a monitor, unless its options are wrong.
      { numRuns: name === "forecastReaders" ? runs(15) : RUNS },
    );
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  });
});

describe("a list that is endless, or has four billion holes,", () => {
  const holes = HOSTILE["sparse array"] as () => never;
  function* endless(): Generator<string> {
    for (;;) yield "work";
  }

  it.each(["horizons", "exporters", "views", "alerts", "maintenance"])(
    "is refused at once as the option %s",
    (option) => {
      for (const list of [holes(), endless()])
        expect(() => new exported.PerformanceMonitor({ ...QUIET, [option]: list })).toThrow(
          `otel-forecast: option "${option}"`,
        );
    },
  );

  it.each([
    ["by of a view", "views", [{ instrument: "a", number: "level", name: "b", by: holes() }]],
    [
      "publish of a view",
      "views",
      [{ instrument: "a", number: "level", name: "b", by: [], publish: holes() }],
    ],
    ["actions of an alert", "alerts", [{ name: "a", metric: "b", actions: holes() }]],
  ])("is refused at once as %s", (_, option, list) => {
    expect(() => new exported.PerformanceMonitor({ ...QUIET, [option]: list as never })).toThrow(
      `otel-forecast: option "${option}"`,
    );
  });

  it.each(["methods", "except"])("is refused at once as %s of an object", (option) => {
    const agent = { work() {} };
    for (const list of [holes(), endless() as never])
      expect(() => exported.instrument("a", agent, { [option]: list })).toThrow(
        "otel-forecast: instrument: ",
      );
  });
});

function mustThrowClearly(call: () => unknown): void {
  try {
    const made = call();
    if (canShutDown(made)) monitors.push(made);
  } catch (error) {
    if (types.isNativeError(error) && error.message.startsWith("otel-forecast: ")) return;
    throw new Error(`threw ${describeThrown(error)}`, { cause: error });
  }
}

/** What is made may be the hostile value itself, which throws when it is read. */
function canShutDown(made: unknown): made is { shutdown(): Promise<void> } {
  try {
    return typeof (made as { shutdown?: unknown })?.shutdown === "function";
  } catch {
    return false;
  }
}
