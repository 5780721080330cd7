// An app that builds its own MeterProvider, with a reader and a view of its own, and knows nothing of otel-forecast.
import { metrics } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { printingReader } from "./printed-metrics.mjs";

const provider = new MeterProvider({
  readers: [printingReader()],
  views: [{ instrumentName: "shop.visits", name: "shop.renamed_visits" }],
});
metrics.setGlobalMeterProvider(provider);

const meter = metrics.getMeter("shop");
const orders = meter.createCounter("shop.orders");
const visits = meter.createCounter("shop.visits");
setInterval(() => {
  orders.add(1);
  visits.add(1);
}, 50);
process.once("SIGTERM", async () => {
  await provider.shutdown();
  console.log("own shutdown done");
  process.exit(0);
});
console.log("shop open");
