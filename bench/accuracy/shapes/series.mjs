/**
 * A series of a grid: `values` with the history and the future, and `expected`, the future as one would
 * forecast it who knew the shape. `signal` is a function of the time in steps, 0 at the newest point of
 * the history.
 */
export function series(
  { length, ahead, lower, upper },
  signal,
  noise = (_time) => 0,
  round = (value) => value,
) {
  const at = (index) => held(round(signal(index - length + 1)), lower, upper);
  const values = Array.from({ length: length + ahead }, (_, index) =>
    held(round(signal(index - length + 1) + noise(index - length + 1)), lower, upper),
  );
  return { values, expected: Array.from({ length: ahead }, (_, index) => at(length + index)) };
}

/** Rounded to 7 digits, as a text format would carry it, and within the bounds. */
function held(value, lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY) {
  return Number(Math.min(upper, Math.max(lower, value)).toPrecision(7));
}
