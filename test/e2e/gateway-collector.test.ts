import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../eventually.ts";
import { CollectorServer } from "./harness/collector.ts";
import { collector, needs, prometheus } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { GatewayServer } from "./harness/gateway.ts";
import { PrometheusServer, type StoredSeries } from "./harness/prometheus.ts";

/** Stopped in the reverse order of their start, also when the test fails. */
const toEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

interface Whole {
  readonly collector: CollectorServer;
  readonly prometheus: PrometheusServer;
}

/** A gateway, a Collector and a Prometheus. `back`: how the forecasts come back to the Collector. */
async function start(back: "scraped" | "pushed"): Promise<Whole> {
  const [otlp, web, elsewhere, nobody, server] = (await freePorts(5)).map((port) => `127.0.0.1:${port}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const isPushed = back === "pushed";
  const collectorServer = await CollectorServer.start({
    agent: nobody,
    remoteWrite: `http://${server}/api/v1/write`,
    // Where the forecasts are pushed, they must not be found by a scrape.
    gateway: { otlpGrpc: otlp, web: isPushed ? elsewhere : web },
  });
  toEnd.push(() => collectorServer.stop());
  const gateway = await GatewayServer.start(
    { otlpGrpc: otlp, web },
    isPushed ? collectorServer.forecastsUrl : undefined,
  );
  toEnd.push(() => gateway.stop());
  const port = Number(server.split(":")[1]);
  const targets = [{ road: "collector", address: collectorServer.exporterAddress, interval: "1s" }];
  const prometheusServer = new PrometheusServer(port, targets);
  toEnd.push(() => prometheusServer.stop());
  await prometheusServer.ready();
  return { collector: collectorServer, prometheus: prometheusServer };
}

/** A service in any language: it pushes a queue that grows by 1 each second, and a counter of its work. */
function service(url: string): void {
  const startAt = Date.now();
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const push = async (): Promise<void> => {
    const seconds = (Date.now() - startAt) / 1000;
    const time = { startTimeUnixNano: `${startAt}000000`, timeUnixNano: `${Date.now()}000000` };
    const queue = { ...time, asDouble: 100 + seconds, attributes: [text("queue", "mail")] };
    const work = { ...time, asDouble: 5 * seconds, attributes: [] };
    const metrics = [
      { name: "depth", gauge: { dataPoints: [queue] } },
      { name: "work", sum: { dataPoints: [work], isMonotonic: true, aggregationTemporality: 2 } },
    ];
    const resource = {
      attributes: [
        text("service.namespace", "shop"),
        text("service.name", "cart"),
        text("service.instance.id", "i-1"),
      ],
    };
    const body = { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "cart" }, metrics }] }] };
    await fetch(`${url}/v1/metrics`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  };
  const timer = setInterval(() => void push().catch(() => {}), 500);
  toEnd.push(() => clearInterval(timer));
}

/** The labels and the last value of the series of a metric that came lately. */
function lastOf(series: readonly StoredSeries[]): (readonly [Record<string, string>, number])[] {
  return series.map(({ labels: { __name__: _, ...labels }, samples }) => [
    labels,
    Number(samples.at(-1)?.[1]),
  ]);
}

describe("the Collector of the example beside a gateway, for a service without the plugin", () => {
  const ofService = { job: "shop/cart", instance: "i-1" };
  it.for(["scraped", "pushed"] as const)("has its series and their forecasts, %s", async (back, context) => {
    needs(context, prometheus, collector);
    const { collector: started, prometheus: server } = await start(back);
    service(started.otlpUrl);
    const now = async (query: string) => lastOf(await server.samples(`${query}[10s]`));
    await eventually(async () => {
      // Once by the scrape of the Collector, once by its remote write.
      for (const road of [{ road: "collector" }, {}]) {
        const roadIs = `road="${Object.values(road)[0] ?? ""}"`;
        const [[labels, level] = [{}, 0]] = await now(`depth{${roadIs}}`);
        expect(labels).toEqual({ ...ofService, ...road, queue: "mail" });
        const [[predictedLabels, predicted] = [{}, 0], ...others] = await now(`depth_predicted{${roadIs}}`);
        expect(others).toEqual([]);
        expect(predictedLabels).toEqual({ ...labels, forecaster: "gateway", horizon: "15s" });
        expect(predicted - level).toBeGreaterThan(8);
        expect(predicted - level).toBeLessThan(22);
        const [[, rate] = [{}, 0]] = await now(`work_per_second_predicted{${roadIs}}`);
        expect(rate).toBeCloseTo(5, 0);
      }
    });
    // Forecasts are never forecast again.
    expect(await now('{__name__=~".+_predicted_predicted"}')).toEqual([]);
    // The Collector starts before the gateway.
    const complaints = started.child.output
      .split("\n")
      .filter((line) => /\b(warn|error)\b/.test(line) && !/Failed to scrape|failed to connect/.test(line));
    expect(complaints).toEqual([]);
  });
});
