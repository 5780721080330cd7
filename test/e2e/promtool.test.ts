import { spawnSync } from "node:child_process";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { anyScopes } from "../prometheus/any-metrics.ts";
import { resourceMetrics } from "../prometheus/metric-data.ts";
import { needs, promtool } from "./harness/components.ts";

/** `promtool check metrics` ends with 0, with 3 where it finds a name in bad style, and with 1 where it cannot read on. */
const styleOnly = 3;

function check(text: string): { status: number | null; said: string } {
  const { status, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  return { status, said: stderr };
}

describe("promtool check metrics", () => {
  it("has nothing to say of well-named metrics", async (context) => {
    needs(context, promtool);
    const endpoint = new PrometheusEndpoint({ port: 0 });
    const provider = new MeterProvider({ readers: [endpoint.reader] });
    await endpoint.start();
    const meter = provider.getMeter("app");
    const attributes = { agent: "self-healing", "task.type": "restart" };
    meter.createCounter("app.tasks", { unit: "{task}", description: "Tasks." }).add(1, attributes);
    meter.createGauge("app.latency.p95", { unit: "s", description: "Latency." }).record(0.2, attributes);
    meter
      .createHistogram("app.task.duration", { unit: "s", description: "Duration." })
      .record(0.2, attributes);
    meter.createUpDownCounter("app.active_tasks", { description: "Active." }).add(1, attributes);
    const text = await (await fetch(`${endpoint.url}/metrics`)).text();
    await provider.shutdown();
    expect(text).toContain('app_latency_p95_seconds{agent="self-healing",task_type="restart"} 0.2\n');
    expect(check(text)).toEqual({ status: 0, said: "" });
  });

  it("refuses what the stock exporter makes of two keys that become one label", (context) => {
    needs(context, promtool);
    expect(check('# TYPE g gauge\ng{a_b="1",a_b="2"} 1\n').status).toBe(1);
  });

  it("can read what is made of any metrics", async (context) => {
    needs(context, promtool);
    await fc.assert(
      fc.asyncProperty(fc.array(anyScopes, { minLength: 3, maxLength: 9 }), async (readers) => {
        const pieces = await new MetricsSerializer().serialize(readers.map(resourceMetrics));
        const { status, said } = check(Buffer.concat(pieces).toString());
        expect([0, styleOnly], said).toContain(status);
      }),
      { numRuns: 100 },
    );
  });
});
