// An app that builds its own NodeSDK, with a reader and a view of its own, and knows nothing of otel-forecast.
import { metrics } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { printingReader } from "./printed-metrics.mjs";

const sdk = new NodeSDK({
  serviceName: "own-sdk",
  metricReaders: [printingReader()],
  views: [{ instrumentName: "shop.visits", name: "shop.renamed_visits" }],
});
sdk.start();

const meter = metrics.getMeter("shop");
const orders = meter.createCounter("shop.orders");
const visits = meter.createCounter("shop.visits");
setInterval(() => {
  orders.add(1);
  visits.add(1);
}, 50);
process.once("SIGTERM", async () => {
  await sdk.shutdown();
  console.log("own shutdown done");
  process.exit(0);
});
console.log("shop open");
