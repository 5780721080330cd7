import { setTimeout as delay } from "node:timers/promises";
import type { Sleep } from "./backfill-options.ts";

/** Waits without keeping the process alive. */
export const sleep: Sleep = (millis, signal) =>
  delay(millis, undefined, { ref: false, signal }).catch(() => {});
