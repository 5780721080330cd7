import fc from "fast-check";
import { anyJson } from "./any-text.ts";

type Path = readonly string[];

/** Of an array of numbers the first ones: all are alike. */
const NUMBERS_OF_ARRAY = 3;

const odd = fc.constantFrom<unknown>(
  null,
  -1,
  0,
  1.5,
  5e-324,
  2 ** 30,
  2 ** 31,
  2 ** 53,
  1e22,
  -1e22,
  1e308,
  -1e308,
  "",
  "a",
  "__proto__",
  true,
  [],
  {},
  [null],
  [[]],
);

/**
 * A value of JSON in which some parts were left out, or are any other value of JSON. It may have arrays of
 * numbers, of which some numbers are others.
 */
export function anyChange(sound: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    path: fc.constantFrom(...pathsOf(sound)),
    put: fc.option(fc.oneof({ arbitrary: odd, weight: 4 }, anyJson), { nil: undefined }),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const changed: unknown = structuredClone(sound);
    for (const { path, put } of changes) set(changed, path, put);
    return changed;
  });
}

/** The paths of all parts of a value. */
function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const parts = value instanceof Float64Array ? value.subarray(0, NUMBERS_OF_ARRAY) : value;
  return Object.entries(parts).flatMap(([key, part]) => [
    [key],
    ...pathsOf(part).map((path) => [key, ...path]),
  ]);
}

/** Sets or removes a part, unless an earlier change has removed what holds it. */
function set(value: unknown, path: Path, put: unknown): void {
  const [key = "", ...rest] = path;
  if (typeof value !== "object" || value === null) return;
  const holder = value as Record<string, unknown>;
  if (rest.length > 0) set(holder[key], rest, put);
  else if (value instanceof Float64Array) value[Number(key)] = typeof put === "number" ? put : Number.NaN;
  else if (put === undefined && Array.isArray(value)) value.splice(Number(key), 1);
  else if (put === undefined) delete holder[key];
  else holder[key] = structuredClone(put);
}
