import { emptyResource } from "@opentelemetry/resources";
import { ForecastPipeline } from "../../build/src/pipeline/forecast-pipeline.js";
import { resolveOptions } from "../../build/src/pipeline/options/resolve-options.js";

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
    environment: {},
    timers: { setInterval: () => ({ unref() {} }), clearInterval() {} },
    now: () => clock.millis,
    elapsed: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    sample: async () => ({}),
  });
}
