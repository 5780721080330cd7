// An SDK of a line that is not known: nothing in it is as in those that are.
import { metrics, trace } from "@opentelemetry/api";
import { seen } from "./shared/work.mjs";

let total = 0;
const spans = [];

class MeterProvider {
  getMeter() {
    return {
      createCounter: () => ({
        add: (number) => {
          total += number;
        },
      }),
    };
  }
}

class TracerProvider {
  getTracer() {
    return {
      startSpan: (name) => ({
        end: () => spans.push(name),
      }),
    };
  }
}

console.log(metrics.setGlobalMeterProvider(new MeterProvider()));
console.log(trace.setGlobalTracerProvider(new TracerProvider()));
metrics.getMeter("app").createCounter("app.units").add(3);
trace.getTracer("app").startSpan("app.work").end();
console.log(total, spans.join());
await seen();
