import { setTimeout as delay } from "node:timers/promises";
import type { Sleep } from "./backfill-options.ts";

/** The longest time that a timer of Node can wait: with a longer one it ends at once. */
const MOST_MILLIS = 2 ** 31 - 1;

/** Waits without keeping the process alive. */
export const sleep: Sleep = (millis, signal) =>
  delay(Math.min(millis, MOST_MILLIS), undefined, { ref: false, signal }).catch(() => {});
