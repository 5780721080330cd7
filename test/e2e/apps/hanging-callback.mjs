// An app with callbacks that never answer. With OWN_PROVIDER, it builds its own MeterProvider.
import { metrics } from "@opentelemetry/api";

if (process.env.OWN_PROVIDER === "yes") {
  const { MeterProvider } = await import("@opentelemetry/sdk-metrics");
  metrics.setGlobalMeterProvider(new MeterProvider());
}
const meter = metrics.getMeter("shop");
meter.createCounter("shop.orders").add(3);
meter.createObservableGauge("shop.stock").addCallback((result) => result.observe(7));
meter.createObservableGauge("shop.promise").addCallback(() => new Promise(() => {}));
// biome-ignore lint/suspicious/noThenProperty: a library that is no promise may be awaited too.
meter.createObservableGauge("shop.thenable").addCallback(() => ({ then() {} }));
setInterval(() => {}, 60_000);
console.log("shop open");
