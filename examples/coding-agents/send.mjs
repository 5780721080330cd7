// Sends what two sessions of Claude Code would, as changes since the last push, until Ctrl-C.
import { AggregationTemporalityPreference } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";

const url = process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? "http://localhost:4318/v1/metrics";
const exporter = new OTLPMetricExporter({
  url,
  temporalityPreference: AggregationTemporalityPreference.DELTA,
});
const provider = new MeterProvider({
  resource: resourceFromAttributes({ "service.name": "claude-code" }),
  readers: [
    new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2000, exportTimeoutMillis: 1500 }),
  ],
});
const meter = provider.getMeter("com.anthropic.claude_code");
const cost = meter.createCounter("claude_code.cost.usage", { unit: "USD" });

const sessions = [
  { "session.id": "1", "user.email": "ada@example.com", model: "opus" },
  { "session.id": "2", "user.email": "ada@example.com", model: "opus" },
];
setInterval(() => {
  for (const session of sessions) cost.add(0.01, session);
}, 500);
console.log("sending");
process.once("SIGINT", async () => {
  await provider.shutdown();
  process.exit();
});
