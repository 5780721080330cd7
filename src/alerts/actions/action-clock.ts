import { setTimeout as delay } from "node:timers/promises";
import type { ActionClock } from "./attempt.ts";

/** The real clock and real chance; waits keep no process alive. */
export function realActionClock(now: () => number): ActionClock {
  return {
    now,
    random: () => Math.random(),
    wait: (millis, signal) => delay(millis, undefined, { signal, ref: false }).catch(() => {}),
  };
}
