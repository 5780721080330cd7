/** The limit of `Date`, in milliseconds. */
const MAX_TIME = 8.64e15;

/** Whether a value is a time that a `Date` can have, in epoch milliseconds. */
export function isTime(value: unknown): value is number {
  return Number.isFinite(value) && Math.abs(value as number) <= MAX_TIME;
}
