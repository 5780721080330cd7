import { describe, expect, it } from "vitest";
import { HTTP_SCOPE, HTTP2_SCOPE } from "../../src/otel/scopes.ts";
import { defaultViews } from "../../src/views/default-views.ts";
import { Harness } from "../run/harness.ts";

describe("the outputs of our own metrics", () => {
  const outputs = defaultViews("ours").flatMap(({ instruments, scope, outputs: made }) =>
    made.map((output) => ({ ...output, of: [...instruments, scope].join(" ") })),
  );
  const own = outputs.filter(({ description }) => description !== undefined);

  it("are the percentiles that their names and descriptions say", () => {
    const percentiles = outputs.filter(({ number }) => number === "quantile");
    expect(percentiles.length).toBeGreaterThan(0);
    for (const { name, quantile, description } of percentiles) {
      const percent = Math.round((quantile ?? 0) * 100);
      expect(quantile).toBe(percent / 100);
      expect(name).toMatch(new RegExp(`\\.p${percent}$`));
      if (description !== undefined) expect(description).toMatch(`${percent}th percentile of`);
    }
    expect(outputs.filter(({ name }) => /\.p\d+$/.test(name))).toEqual(percentiles);
  });

  it("are rates and shares where their names say so", () => {
    for (const { name, number, bounds } of own) {
      const isShare = /(success|failure|error)_rate$/.test(name);
      const isRate = /(_per_second|\.request_rate|\.throughput)$/.test(name);
      expect([name, number === "ratio", number === "rate"]).toEqual([name, isShare, isRate]);
      if (isShare) expect(bounds).toEqual({ lower: 0, upper: 1 });
    }
  });

  it("have the bounds of percentages, shares or amounts", () => {
    const upperOf = ({ name, of }: (typeof outputs)[number]): number | undefined => {
      if (/_percent |^system\.\* /.test(of)) return 100;
      return /_rate [^*]*recorded/.test(of) || /(success|failure|error)_rate$/.test(name) ? 1 : undefined;
    };
    const others = (of: string): boolean => of.startsWith("* ") && !of.includes("otel-forecast");
    for (const output of outputs.filter(({ isForecast, of }) => isForecast && !others(of)))
      expect([output.of, output.bounds?.lower, output.bounds?.upper]).toEqual([
        output.of,
        0,
        upperOf(output),
      ]);
  });

  it("are published, and forecast but for totals, whose rates are", () => {
    const isTotal = (name: string): boolean => /(completed|failed)_tasks$/.test(name);
    for (const { name, isPublished, isForecast, isCounter = false } of own)
      expect([name, isPublished, isForecast, isCounter]).toEqual([name, true, !isTotal(name), isTotal(name)]);
  });
});

describe("a process that serves HTTP", () => {
  it("has the rates, errors and latency of its requests, not of its tasks", async () => {
    const harness = new Harness();
    const meter = harness.application().getMeter("@opentelemetry/instrumentation-http");
    const duration = meter.createHistogram("http.server.request.duration", { unit: "s" });
    await harness.ticks(2, (tick) => {
      duration.record(1, { "http.response.status_code": 200 });
      duration.record(1, { "http.response.status_code": 404 });
      duration.record(1, { "http.response.status_code": 404 });
      duration.record(1, { "http.response.status_code": 503 });
      duration.record(1, { "error.type": "aborted" });
      harness.pipeline.instruments.recorder.recordTask({
        taskId: `${tick}`,
        agentName: "a",
        taskType: "t",
        success: true,
        executionTime: 9,
      });
    });
    expect(await harness.value("system_request_rate")).toBe(0.5);
    expect(await harness.value("system_throughput")).toBe(0.3);
    expect(await harness.value("system_error_rate")).toBe(0.4);
    expect(await harness.value("system_latency_p99_seconds")).toBe(1);
    expect(await harness.value("ai_cloud_latency_p99_seconds", { agent: "a" })).toBe(9);
  });

  it("has streams among its requests and errors, and not in its latency", async () => {
    const harness = new Harness();
    const meter = harness.pipeline.instruments.provider.getMeter(HTTP_SCOPE);
    const duration = meter.createHistogram("http.server.request.duration", { unit: "s" });
    await harness.ticks(2, () => {
      for (const seconds of [1, 1, 1]) duration.record(seconds, { "http.response.status_code": 200 });
      duration.record(3600, { "http.response.status_code": 200, "forecast.stream": true });
      duration.record(3600, { "error.type": "aborted", "forecast.stream": true });
    });
    expect(await harness.value("system_latency_p99_seconds")).toBe(1);
    expect(await harness.value("system_request_rate")).toBe(0.5);
    expect(await harness.value("system_throughput")).toBe(0.4);
    expect(await harness.value("system_error_rate")).toBe(0.2);
  });

  it.each([
    ["@opentelemetry/instrumentation-http", 2],
    ["an instrumentation of all versions", 1],
  ])("counts no request twice that %s measures too", async (scope, measured) => {
    const harness = new Harness();
    const durations = [
      harness.application().getMeter(scope),
      harness.pipeline.instruments.provider.getMeter(HTTP_SCOPE),
      harness.pipeline.instruments.provider.getMeter(HTTP2_SCOPE),
    ].map((meter) => meter.createHistogram("http.server.request.duration", { unit: "s" }));
    const replaced: string[] = [];
    harness.pipeline.readers.onHttpMeasuredElsewhere((ours) => replaced.push(ours));
    await harness.ticks(2, () => {
      for (const duration of durations) duration.record(1);
    });
    expect(await harness.value("system_request_rate")).toBeCloseTo(measured / 10);
    expect(replaced).toEqual([HTTP_SCOPE, HTTP2_SCOPE].slice(0, 3 - measured));
  });
});
