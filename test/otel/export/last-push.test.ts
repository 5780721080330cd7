import { ExportResultCode } from "@opentelemetry/core";
import { MeterProvider, type PushMetricExporter, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../../src/config/environment.ts";
import { endingInTime, type OtlpExporterClass, PushReader } from "../../../src/otel/export/last-push.ts";

const UNHURRIED = { patienceMillis: 30_000, timeoutMillis: undefined };

/** What was asked of exporters, each by the time that it has for one export. */
const calls: string[] = [];

/** Stands for the exporters of OTLP, which can be given a time. */
class Exporter implements PushMetricExporter {
  readonly #name: string;

  constructor({ timeoutMillis }: { timeoutMillis?: number } = {}) {
    this.#name = timeoutMillis === undefined ? "as configured" : `${timeoutMillis} ms`;
  }

  export(_: ResourceMetrics, done: (result: { code: ExportResultCode }) => void): void {
    calls.push(`export ${this.#name}`);
    done({ code: ExportResultCode.SUCCESS });
  }

  async forceFlush(): Promise<void> {
    calls.push(`flush ${this.#name}`);
  }

  async shutdown(): Promise<void> {
    calls.push(`shut down ${this.#name}`);
  }
}

function providerOf(Class: OtlpExporterClass, patienceMillis = 30_000): MeterProvider {
  const timeoutMillis = new Environment().otlpTimeoutMillis;
  const reader = new PushReader({
    exporter: new (endingInTime(Class, { patienceMillis, timeoutMillis }))(),
    exportIntervalMillis: 3_600_000,
  });
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter("m").createCounter("c").add(1);
  return provider;
}

beforeEach(() => {
  calls.length = 0;
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("what is pushed", () => {
  it("has the configured time, and at the end as much as a process that ends can wait for", async () => {
    const provider = providerOf(Exporter);
    await provider.forceFlush();
    expect(calls.splice(0)).toEqual(["export as configured", "flush as configured"]);
    await provider.shutdown();
    expect(calls).toEqual([
      "export 4500 ms",
      "flush as configured",
      "flush 4500 ms",
      "shut down as configured",
      "shut down 4500 ms",
    ]);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "2000" }, 2000],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "20000" }, 4500],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "2000", OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "1000" }, 1000],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "-1" }, 4500],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "0" }, 4500],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "Infinity" }, 4500],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "soon" }, 4500],
  ])("at the end has no more time than %o gives", async (environment, millis) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await providerOf(Exporter).shutdown();
    expect(calls[0]).toBe(`export ${millis} ms`);
  });

  it.each([
    [{}, 1500, "1500 ms"],
    [{}, 10_000, "as configured"],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "1000" }, 1500, "as configured"],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "20000" }, 15_000, "15000 ms"],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "20000" }, 20_000, "as configured"],
  ])(
    "with %o has no more time than the %d ms that its reader waits: %s",
    async (environment, patience, time) => {
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      const provider = providerOf(Exporter, patience);
      await provider.forceFlush();
      expect(calls[0]).toBe(`export ${time}`);
      await provider.shutdown();
    },
  );

  it("is not sent while what was pushed before is under way, except at the end", () => {
    const answers: (() => void)[] = [];
    class Slow extends Exporter {
      override export(metrics: ResourceMetrics, done: (result: { code: ExportResultCode }) => void): void {
        super.export(metrics, () => answers.push(() => done({ code: ExportResultCode.SUCCESS })));
      }
    }
    const exporter = new (endingInTime(Slow, UNHURRIED))();
    const results: unknown[] = [];
    const push = (): void => exporter.export({} as ResourceMetrics, ({ code }) => results.push(code));
    push();
    push();
    expect([calls.length, results]).toEqual([1, [ExportResultCode.FAILED]]);
    answers[0]?.();
    push();
    expect([calls.length, results.at(-1)]).toEqual([2, ExportResultCode.SUCCESS]);
    exporter.beginLast?.();
    push();
    expect(calls.at(-1)).toBe("export 4500 ms");
  });

  it("goes on after one that could not be sent at all", () => {
    class Broken extends Exporter {
      override export(): void {
        calls.push("export");
        throw new Error("not to be serialised");
      }
    }
    const exporter = new (endingInTime(Broken, UNHURRIED))();
    const errors: unknown[] = [];
    for (const _ of [1, 2])
      exporter.export({} as ResourceMetrics, ({ error }) => errors.push(error?.message));
    expect(calls).toEqual(["export", "export"]);
    expect(errors).toEqual(["not to be serialised", "not to be serialised"]);
  });
});
