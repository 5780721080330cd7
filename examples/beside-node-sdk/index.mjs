// An application that sets up its own SDK, with a view and an exporter. The forecasts take one
// line.
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { forecastReaders } from "otel-forecast";

const mine = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const sdk = new NodeSDK({
  serviceName: "bakery",
  views: [{ instrumentName: "bread.baked", name: "bread.out" }],
  metricReaders: [
    new PeriodicExportingMetricReader({ exporter: mine, exportIntervalMillis: 1000 }),
    ...forecastReaders({ port: Number(process.env.PORT ?? 9091), collectionIntervalMillis: 100 }),
  ],
});
sdk.start();

const meter = metrics.getMeter("bakery");
const baked = meter.createCounter("bread.baked");
const oven = meter.createGauge("oven.temperature", { unit: "Cel" });
for (let tray = 0; tray < 40; tray += 1) {
  baked.add(12);
  oven.record(230 + (tray % 5));
  await new Promise((next) => setTimeout(next, 50));
}

const port = Number(process.env.PORT ?? 9091);
const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
for (const line of text.split("\n")) {
  if (
    /^(bread_out_total|oven_temperature_celsius|oven_temperature_celsius_predicted)(\{|_ratio| )/.test(line)
  )
    console.log(line);
}
await sdk.shutdown();
const exported = mine
  .getMetrics()
  .at(-1)
  ?.scopeMetrics.flatMap((scope) => scope.metrics);
console.log("exported by its own reader:", exported?.map((metric) => metric.descriptor.name).join(", "));
