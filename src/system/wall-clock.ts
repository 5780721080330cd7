/** The time of the machine. An application may have replaced `Date.now` by what gives no time. */
export function wallMillis(): number {
  const now: unknown = Date.now();
  const isTime = typeof now === "number" && !Number.isNaN(new Date(now).getTime());
  return isTime ? now : performance.timeOrigin + performance.now();
}
