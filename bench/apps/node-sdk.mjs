import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { startNodeSdk } from "@opentelemetry/sdk-node";

// A port of its own: two processes may run at the same time, and the exporter reads 0 as its
// default port.
const port = 20_000 + (process.pid % 10_000);

/** What an application preloads to serve standard metrics of its host and process. */
startNodeSdk({
  metricReaders: [new PrometheusExporter({ host: "127.0.0.1", port })],
  spanProcessors: [],
  instrumentations: [new HostMetricsInstrumentation(), new RuntimeNodeInstrumentation()],
});
