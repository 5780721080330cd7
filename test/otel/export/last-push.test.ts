import { ExportResultCode } from "@opentelemetry/core";
import { MeterProvider, type PushMetricExporter, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../../src/config/environment.ts";
import { PushReader, timeLimited } from "../../../src/otel/export/last-push.ts";
import type { OtlpExporterClass } from "../../../src/otel/export/otlp-exporters.ts";

const UNHURRIED = { readerTimeoutMillis: 30_000, timeoutMillis: undefined, rejected: () => {} };

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

function providerOf(Class: OtlpExporterClass, readerTimeoutMillis = 30_000): MeterProvider {
  return pushingTo(Class, readerTimeoutMillis).provider;
}

function pushingTo(Class: OtlpExporterClass, readerTimeoutMillis = 30_000) {
  const timeoutMillis = new Environment().otlpTimeoutMillis;
  const reader = new PushReader({
    exporter: new (timeLimited(Class, { readerTimeoutMillis, timeoutMillis, rejected: () => {} }))(),
    exportIntervalMillis: 3_600_000,
  });
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter("m").createCounter("c").add(1);
  return { reader, provider };
}

beforeEach(() => {
  calls.length = 0;
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a push", () => {
  it("has the configured time; the last push has the time that a process that ends waits", async () => {
    const provider = providerOf(Exporter);
    await provider.forceFlush();
    expect(calls.splice(0)).toEqual(["export as configured", "flush as configured"]);
    await provider.shutdown();
    expect(calls).toEqual([
      "export 1200 ms",
      "flush as configured",
      "flush 1200 ms",
      "shut down as configured",
      "shut down 1200 ms",
    ]);
  });

  it("has the time of a process that ends if it may be the last, and the ones after it have theirs", async () => {
    const { reader, provider } = pushingTo(Exporter);
    await reader.pushBriefly();
    expect(calls.splice(0)).toEqual([
      "export 1200 ms",
      "flush as configured",
      "flush 1200 ms",
      "shut down 1200 ms",
    ]);
    await provider.forceFlush();
    expect(calls.splice(0)).toEqual(["export as configured", "flush as configured"]);
    const brief = reader.pushBriefly();
    await provider.shutdown();
    await brief.catch(() => {});
    expect(calls.filter((call) => call === "export as configured")).toEqual([]);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "900" }, 900],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "20000" }, 1200],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "2000", OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "1000" }, 1000],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "-1" }, 1200],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "0" }, 1200],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "Infinity" }, 1200],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "soon" }, 1200],
  ])("has no more time than %o at the end", async (environment, millis) => {
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
  ])("has, with %o, no more time than its reader waits (%d ms): %s", async (environment, patience, time) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const provider = providerOf(Exporter, patience);
    await provider.forceFlush();
    expect(calls[0]).toBe(`export ${time}`);
    await provider.shutdown();
  });

  it("fails while the previous push has not ended, except the last push", () => {
    const answers: (() => void)[] = [];
    class Slow extends Exporter {
      override export(metrics: ResourceMetrics, done: (result: { code: ExportResultCode }) => void): void {
        super.export(metrics, () => answers.push(() => done({ code: ExportResultCode.SUCCESS })));
      }
    }
    const exporter = new (timeLimited(Slow, UNHURRIED))();
    const results: unknown[] = [];
    const push = (): void => exporter.export({} as ResourceMetrics, ({ code }) => results.push(code));
    push();
    push();
    expect([calls.length, results]).toEqual([1, [ExportResultCode.FAILED]]);
    answers[0]?.();
    push();
    expect([calls.length, results.at(-1)]).toEqual([2, ExportResultCode.SUCCESS]);
    exporter.startLastPush?.();
    push();
    expect(calls.at(-1)).toBe("export 1200 ms");
  });

  it("is possible after a push that threw", () => {
    class Broken extends Exporter {
      override export(): void {
        calls.push("export");
        throw new Error("not to be serialised");
      }
    }
    const exporter = new (timeLimited(Broken, UNHURRIED))();
    const errors: unknown[] = [];
    for (const _ of [1, 2])
      exporter.export({} as ResourceMetrics, ({ error }) => errors.push(error?.message));
    expect(calls).toEqual(["export", "export"]);
    expect(errors).toEqual(["not to be serialised", "not to be serialised"]);
  });
});
