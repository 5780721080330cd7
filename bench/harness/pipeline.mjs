import { emptyResource } from "@opentelemetry/resources";
import { resolveOptions } from "../../build/src/config/resolve-options.js";
import { ForecastPipeline } from "../../build/src/run/forecast-pipeline.js";

/** A clock that is set by hand: a bench lives through hours of samples in seconds. */
export class HandClock {
  millis = Date.UTC(2026, 0, 1);
}

/** The whole pipeline as a monitor has it, on a clock that is set by hand, with a machine that has nothing to say. */
export function benchPipeline(options, clock) {
  const resolved = resolveOptions(
    { exporters: ["none"], ...options },
    {
      environment: {},
      readFile: () => "",
      warn: (message) => console.error(message),
    },
  );
  return new ForecastPipeline(resolved, {
    resource: emptyResource(),
    serviceName: "bench",
    timers: { setInterval: () => ({ unref() {} }), clearInterval() {} },
    now: () => clock.millis,
    elapsedMillis: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    sample: async () => ({}),
  });
}
