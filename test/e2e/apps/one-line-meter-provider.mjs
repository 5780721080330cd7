// An app with its own MeterProvider that adds forecasts to it in one line, without `--import`.
import { metrics } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { forecastReaders } from "otel-forecast";
import { printingReader } from "./printed-metrics.mjs";

const provider = new MeterProvider({
  readers: [printingReader(), ...forecastReaders()],
  views: [{ instrumentName: "shop.visits", name: "shop.renamed_visits" }],
});
metrics.setGlobalMeterProvider(provider);

const meter = metrics.getMeter("shop");
const orders = meter.createCounter("shop.orders");
const visits = meter.createCounter("shop.visits");
const work = setInterval(() => {
  orders.add(1);
  visits.add(1);
}, 50);
process.once("SIGTERM", async () => {
  clearInterval(work);
  await provider.shutdown();
  console.log("own shutdown done");
});
console.log("shop open");
