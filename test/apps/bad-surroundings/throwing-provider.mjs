// Providers that throw, whatever they are asked.
import { metrics, trace } from "@opentelemetry/api";
import { seen } from "./shared/work.mjs";

class Broken extends Error {}

const broken = new Proxy(
  {},
  {
    get() {
      throw new Broken();
    },
  },
);
const attempt = (name, work) => {
  try {
    console.log(name, work());
  } catch (error) {
    console.log(name, error.constructor.name);
  }
};
attempt("registers metrics", () => metrics.setGlobalMeterProvider(broken));
attempt("registers traces", () => trace.setGlobalTracerProvider(broken));
attempt("counts", () => metrics.getMeter("app").createCounter("app.units").add(1));
attempt("traces", () => trace.getTracer("app").startSpan("app.work").end());
await seen();
