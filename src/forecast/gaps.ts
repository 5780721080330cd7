type Values = readonly number[] | Float64Array;

/** The number of values that are not gaps. */
export function countValid(values: Values): number {
  let count = 0;
  for (let index = 0; index < values.length; index++) if (Number.isFinite(values[index])) count++;
  return count;
}

/** The index after the first `count` values that are not gaps; the length when there are fewer. */
export function indexAfterValid(values: Values, count: number): number {
  let seen = 0;
  for (let index = 0; index < values.length; index++) {
    if (seen >= count) return index;
    if (Number.isFinite(values[index])) seen++;
  }
  return values.length;
}
