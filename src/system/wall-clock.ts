import { isTime } from "../core/is-time.ts";

/** The time of the machine. An application may have replaced `Date.now` by what gives no time. */
export function wallMillis(): number {
  const now: unknown = Date.now();
  return isTime(now) ? now : performance.timeOrigin + performance.now();
}
