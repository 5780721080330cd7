import { setImmediate } from "node:timers/promises";

/** The clock and the pause of the event loop of this process. */
export const eventLoop = {
  elapsedMillis: (): number => performance.now(),
  pause: (): Promise<void> => setImmediate(),
};
