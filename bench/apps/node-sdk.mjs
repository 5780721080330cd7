import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { startNodeSdk } from "@opentelemetry/sdk-node";

/** What an application would preload to have the standard metrics of its host and process on `/metrics`. */
startNodeSdk({
  metricReaders: [new PrometheusExporter({ host: "127.0.0.1", port: 19_464 })],
  spanProcessors: [],
  instrumentations: [new HostMetricsInstrumentation(), new RuntimeNodeInstrumentation()],
});
