// Registers an SDK by a copy of the API that a bundler puts into one file with it.
import { metrics, trace } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";

const made = [];
const span = { end: () => made.push("span") };
console.log(trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: () => span }) }));
console.log(metrics.setGlobalMeterProvider(new MeterProvider()));
trace.getTracer("app").startSpan("app.work").end();
metrics.getMeter("app").createCounter("app.units").add(3);
console.log(made.join());
console.log("DONE");
process.stdin.once("data", () => process.stdin.destroy());
