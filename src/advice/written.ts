import { digitsOf, type Precision, rounded } from "./digits.ts";

/** A value as it is written for a person. */
export interface Written {
  readonly text: string;
  /** The number that the text stands for, which is rounded. */
  readonly stands: number;
  /** The number before it was rounded, on the same scale as `stands`. */
  readonly amount: number;
}

/** How the values of a metric are written. */
export type Writer = (value: number, precision: Precision) => Written;

/** Units of a quantity, smallest first or largest first. */
export type Scale = readonly (readonly [size: number, unit: string])[];

/**
 * A value in the largest unit of an ascending scale that fits into it at least once; otherwise in
 * the smallest. A value that is rounded up to the next unit is written in that unit: `1 s`, not
 * `1000 ms`.
 */
export function scaled(value: number, scale: Scale, precision: Precision): Written {
  const fits = Math.max(
    0,
    scale.findLastIndex(([size]) => Math.abs(value) >= size),
  );
  const here = inUnit(value, scale[fits] as Scale[number], precision);
  const next = scale[fits + 1];
  return next !== undefined && Math.abs(here.stands) >= next[0] ? inUnit(value, next, precision) : here;
}

function inUnit(value: number, [size, unit]: Scale[number], precision: Precision): Written {
  const count = rounded(value / size, precision);
  return { text: `${digitsOf(count)} ${unit}`, stands: count * size, amount: value };
}
