import { emptyResource } from "@opentelemetry/resources";
import { threadMillis } from "../apps/turns.mjs";

/** A clock that is set by hand: a bench lives through hours of samples in seconds. */
export class HandClock {
  millis = Date.UTC(2026, 0, 1);
}

/** To read the CPU time costs as much as a step of our work. It is read again after so long. */
const READ_AGAIN_MILLIS = 0.2;

/**
 * A clock for collections that follow each other without waiting: it moves on by the CPU time of this thread, and at
 * `next` to the time at which the next collection is due. So other processes of the machine do not slow our work
 * down, and neither does a collection that takes long by the clock.
 */
export class TickClock {
  #dueAt = Date.UTC(2026, 0, 1);
  #startedAt = threadMillis();
  #read = this.#startedAt;
  #readAt = performance.now();

  get millis() {
    const now = performance.now();
    if (now - this.#readAt >= READ_AGAIN_MILLIS) this.#readThread(now);
    return this.#dueAt + this.#read - this.#startedAt;
  }

  /** Moves to the next multiple of `stepMillis`: as a timer does, it leaves out those that are past. */
  next(stepMillis) {
    const steps = Math.ceil((this.millis - this.#dueAt) / stepMillis);
    this.#dueAt += Math.max(1, steps) * stepMillis;
    this.#startedAt = this.#readThread(performance.now());
  }

  #readThread(now) {
    this.#readAt = now;
    this.#read = threadMillis();
    return this.#read;
  }
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
