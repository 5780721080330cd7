import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { startNodeSdk } from "@opentelemetry/sdk-node";

// One of its own for each process: two may run at the same time, and the exporter takes 0 for its default.
const port = 20_000 + (process.pid % 10_000);

/** What an application would preload to have the standard metrics of its host and process on `/metrics`. */
startNodeSdk({
  metricReaders: [new PrometheusExporter({ host: "127.0.0.1", port })],
  spanProcessors: [],
  instrumentations: [new HostMetricsInstrumentation(), new RuntimeNodeInstrumentation()],
});
