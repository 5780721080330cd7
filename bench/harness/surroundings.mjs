import { emptyResource } from "@opentelemetry/resources";

/** A clock that is set by hand: a bench lives through hours of samples in seconds. */
export class HandClock {
  millis = Date.UTC(2026, 0, 1);
}

/** No options from variables or a file. */
export const OPTION_SOURCES = {
  environment: {},
  readFile: () => "",
  warn: (message) => console.error(message),
};

/**
 * Surroundings of a pipeline whose collections are started by hand, on a machine that measures
 * nothing.
 *
 * @param elapsedMillis the clock that work is paced by. It must move on as `clock` does.
 */
export function handSurroundings(clock, elapsedMillis) {
  return {
    resource: emptyResource(),
    serviceName: "bench",
    environment: {},
    timers: { setInterval: () => ({ unref() {} }), clearInterval() {} },
    now: () => clock.millis,
    elapsedMillis,
    uptimeMillis: elapsedMillis,
    cpuMillis: () => 0,
    threadCpuMillis: elapsedMillis,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    heapPercent: () => undefined,
    sample: async () => ({}),
  };
}
