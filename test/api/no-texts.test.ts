import type { Meter, MeterProvider as Provider } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PerformanceMonitor } from "../../src/index.ts";

/** What an application in JavaScript may hand over where a text is expected. */
const NO_TEXTS: readonly (readonly [string, unknown])[] = [
  ["a number", 5],
  ["NaN", Number.NaN],
  ["null", null],
  ["nothing", undefined],
  ["an object", {}],
  ["a list", ["name"]],
  ["a symbol", Symbol("name")],
  ["a function", () => "name"],
  ["an object without a text", Object.create(null)],
  [
    "an object whose text throws",
    {
      toString(): never {
        throw new Error("no text");
      },
    },
  ],
];

let monitor: PerformanceMonitor;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
  monitor = new PerformanceMonitor({
    port: 0,
    host: "127.0.0.1",
    collectionIntervalMillis: 3_600_000,
    method: "naive",
  });
});

afterEach(async () => {
  await monitor.shutdown();
  vi.unstubAllEnvs();
});

/** The sample lines of `/metrics` of the metrics that begin with a name. */
async function linesOf(prefix: string): Promise<string[]> {
  const text = await (await fetch(`${monitor.url}/metrics`)).text();
  return text.split("\n").filter((line) => line.startsWith(prefix));
}

async function skipped(): Promise<number> {
  const lines = await linesOf("forecast_skipped_total{");
  return lines
    .filter((line) => !line.includes('reason="none"'))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

/** Makes instruments and records. Returns whether the SDK takes the name of any. */
function made(meter: Meter, given: unknown): boolean {
  const name = given as string;
  const makes = [
    () => meter.createCounter(name).add(1),
    () => meter.createHistogram(name).record(1),
    () => meter.createObservableGauge(name).addCallback((result) => result.observe(1)),
  ];
  return makes.map(isTaken).includes(true);
}

/** An SDK of the application throws at some names, which is between the two. */
function isTaken(make: () => void): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

const providers: readonly (readonly [string, () => Provider])[] = [
  ["our provider", () => monitor.meterProvider],
  ["a provider of the application", () => new MeterProvider({ readers: [...monitor.metricReaders()] })],
];

describe.each(providers)("with %s", (_, provided) => {
  it.each(NO_TEXTS)(
    "a metric whose name is %s is left out and counted, and the rest is served",
    async (_, name) => {
      const provider = provided();
      await monitor.start();
      const meter = provider.getMeter("app");
      const isMade = made(meter, name);
      meter.createCounter("app.sound").add(1);
      for (let tick = 1; tick <= 3; tick += 1) {
        await monitor.collect();
        expect(await linesOf("app_sound_total")).toEqual(["app_sound_total 1"]);
        expect(await linesOf("forecast_runs_total")).toHaveLength(1);
      }
      expect((await skipped()) > 0).toBe(isMade);
    },
  );

  it.each(NO_TEXTS)("a metric whose unit and description are %s is served without them", async (_, given) => {
    const provider = provided();
    await monitor.start();
    const meter = provider.getMeter("app");
    meter.createCounter("app.odd", { unit: given as string, description: given as string }).add(2);
    meter.createCounter("app.sound").add(1);
    for (let tick = 1; tick <= 3; tick += 1) {
      await monitor.collect();
      expect(await linesOf("app_odd_total")).toEqual([
        expect.stringMatching(/^app_odd_total(\{[^}]*\})? 2$/),
      ]);
      expect(await linesOf("app_sound_total")).toHaveLength(1);
    }
  });
});
