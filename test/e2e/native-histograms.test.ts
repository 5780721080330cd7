import { AggregationType, MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { eventually } from "../eventually.ts";
import { needs, prometheus } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PrometheusServer } from "./harness/prometheus.ts";

/** Seconds: the values of a day's worth of requests, some of them 0. */
const DURATIONS = Array.from({ length: 1000 }, (_, index) => (index < 10 ? 0 : 0.001 * 1.01 ** index));
const LABEL = 'a "quoted"\\\n one';

function exactQuantile(q: number): number {
  return DURATIONS[Math.ceil(q * DURATIONS.length) - 1] as number;
}

describe("a Prometheus that stores native histograms", () => {
  let server: PrometheusServer | undefined;
  let endpoint: PrometheusEndpoint;
  let provider: MeterProvider;

  beforeAll(async () => {
    const [port, serverPort] = (await freePorts(2)) as [number, number];
    endpoint = new PrometheusEndpoint({ host: "127.0.0.1", port });
    provider = new MeterProvider({
      readers: [endpoint.reader],
      views: [
        {
          instrumentName: "latency",
          aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
        },
      ],
    });
    const meter = provider.getMeter("app");
    const latency = meter.createHistogram("latency", { unit: "s", description: "How long it took." });
    for (const duration of DURATIONS) latency.record(duration, { route: LABEL });
    meter.createHistogram("size", { unit: "By" }).record(7);
    meter.createCounter("requests").add(3, { route: LABEL });
    meter.createGauge("level").record(-1.5);
    await endpoint.start();
    if (prometheus.path === undefined) return;
    const targets = [{ road: "native", address: `127.0.0.1:${port}`, interval: "500ms" }];
    const flags = ["--enable-feature=native-histograms"];
    server = new PrometheusServer(serverPort, targets, undefined, { flags });
    await server.ready();
  });
  afterAll(async () => {
    await server?.stop();
    await provider.shutdown();
    await endpoint.shutdown();
  });

  /** The value of a query that gives one series. */
  async function numberOf(query: string): Promise<number> {
    const now = Date.now() / 1000;
    const [series] = (await server?.range(query, now, now, 1)) ?? [];
    return Number(series?.samples[0]?.[1]);
  }

  it("has exponential histograms as such, with their quantiles to within the width of a bucket", async (context) => {
    needs(context, prometheus);
    await eventually(async () => expect(await numberOf("histogram_count(latency_seconds)")).toBe(1000));
    expect(await numberOf("histogram_sum(latency_seconds)")).toBeCloseTo(
      DURATIONS.reduce((sum, duration) => sum + duration, 0),
      6,
    );
    for (const q of [0.1, 0.5, 0.95, 0.999]) {
      const quantile = await numberOf(`histogram_quantile(${q}, latency_seconds)`);
      expect(quantile / exactQuantile(q), String(q)).toBeGreaterThan(0.95);
      expect(quantile / exactQuantile(q), String(q)).toBeLessThan(1.05);
    }
    const [series] = (await server?.samples("requests_total[10s]")) ?? [];
    expect(series?.labels.route).toBe(LABEL);
  });

  it("has everything else as before", async (context) => {
    needs(context, prometheus);
    await eventually(async () => expect(await numberOf("requests_total")).toBe(3));
    expect(await numberOf("level")).toBe(-1.5);
    expect(await numberOf("size_bytes_sum")).toBe(7);
    expect(await numberOf('size_bytes_bucket{le="10.0"}')).toBe(1);
    expect(await numberOf('size_bytes_bucket{le="5.0"}')).toBe(0);
    expect(await numberOf("target_info")).toBe(1);
  });
});
