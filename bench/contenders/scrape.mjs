import { once } from "node:events";
import { createServer } from "node:http";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import prometheus from "prom-client";
import { ForecastProducer } from "../../build/src/otel/forecast-producer.js";
import { PrometheusEndpoint } from "../../build/src/prometheus/prometheus-endpoint.js";
import { lengthOfPage } from "../harness/page.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { watch } from "../harness/watch.mjs";

/** Series of one metric: apps have many metrics, and no metric with 100,000 series. */
const SERIES_OF_METRIC = 1000;

/** @param kind what serves the scrape; `series` the number of gauge series */
export async function setup({ kind, series }) {
  const values = new Float64Array(series);
  const labels = Array.from(values, (_, index) => ({
    agent: `agent-${index % SERIES_OF_METRIC}`,
    horizon: "5m",
  }));
  const { port, update } = await servers[kind](values, labels);
  const random = seededRandom(1);
  return async () => {
    for (let index = 0; index < series; index += 1) values[index] = random() * 100;
    update?.();
    let bytes = 0;
    const measured = await watch(async () => {
      bytes = await lengthOfPage(port);
    });
    return { ...measured, bytes };
  };
}

const servers = {
  "our endpoint, producer": async (values, labels) => {
    const producer = new ForecastProducer(Date.now);
    const metrics = Array.from(metricNames(values.length), (name) => ({
      name,
      unit: "",
      description: name,
      type: /** @type {const} */ ("gauge"),
    }));
    const published = labels.map((of, index) =>
      producer.series(metrics[Math.floor(index / SERIES_OF_METRIC)], of),
    );
    const endpoint = new PrometheusEndpoint({ port: 0, metricProducers: [producer] });
    await endpoint.start();
    return {
      port: endpoint.port,
      update: () => {
        values.forEach((value, index) => {
          published[index].put(value);
        });
      },
    };
  },
  "our endpoint, instruments": async (values, labels) => {
    const endpoint = new PrometheusEndpoint({ port: 0, cardinalityLimit: SERIES_OF_METRIC + 1 });
    observe(new MeterProvider({ readers: [endpoint.reader] }), values, labels);
    await endpoint.start();
    return { port: endpoint.port };
  },
  PrometheusExporter: async (values, labels) => {
    const exporter = new PrometheusExporter({ preventServerStart: true });
    observe(new MeterProvider({ readers: [exporter] }), values, labels);
    return { port: await serve((request, response) => exporter.getMetricsRequestHandler(request, response)) };
  },
  "prom-client": async (values, labels) => {
    const registry = new prometheus.Registry();
    const gauges = Array.from(
      metricNames(values.length),
      (name) =>
        new prometheus.Gauge({
          name: name.replaceAll(".", "_"),
          help: name,
          labelNames: ["agent", "horizon"],
          registers: [registry],
        }),
    );
    return {
      port: await serve(async (_, response) => {
        response.setHeader("content-type", registry.contentType);
        response.end(await registry.metrics());
      }),
      update: () => {
        values.forEach((value, index) => {
          gauges[Math.floor(index / SERIES_OF_METRIC)].set(labels[index], value);
        });
      },
    };
  },
};

function* metricNames(series) {
  for (let metric = 0; metric * SERIES_OF_METRIC < series; metric += 1) yield `bench.level_${metric}`;
}

function observe(provider, values, labels) {
  const meter = provider.getMeter("bench");
  let first = 0;
  for (const name of metricNames(values.length)) {
    const from = first;
    meter.createObservableGauge(name, { description: name }).addCallback((result) => {
      for (let index = from; index < Math.min(from + SERIES_OF_METRIC, values.length); index += 1)
        result.observe(values[index], labels[index]);
    });
    first += SERIES_OF_METRIC;
  }
}

async function serve(onRequest) {
  const server = createServer(onRequest);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}
