// An app with its own NodeSDK that adds forecasts to it in one line, without `--import`.
import { metrics } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { forecastReaders } from "otel-forecast";
import { printingReader } from "./printed-metrics.mjs";

const sdk = new NodeSDK({
  serviceName: "own-sdk",
  metricReaders: [printingReader(), ...forecastReaders()],
  views: [{ instrumentName: "shop.visits", name: "shop.renamed_visits" }],
});
sdk.start();

const meter = metrics.getMeter("shop");
const orders = meter.createCounter("shop.orders");
const visits = meter.createCounter("shop.visits");
const work = setInterval(() => {
  orders.add(1);
  visits.add(1);
}, 50);
process.once("SIGTERM", async () => {
  clearInterval(work);
  await sdk.shutdown();
  console.log("own shutdown done");
});
console.log("shop open");
