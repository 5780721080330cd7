/**
 * An axis of values. Its limits are in multiples of `unit`, so that differences of the largest
 * numbers stay finite.
 */
export interface Axis {
  readonly unit: number;
  readonly lower: number;
  readonly upper: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

const TICKS = 5;

/**
 * An axis that includes all finite values, with about five ticks at 1, 2 or 5 times a power of ten.
 */
export function niceAxis(arrays: readonly Float64Array[]): Axis {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const values of arrays) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  if (lowest > highest) [lowest, highest] = [0, 1];
  // Division by a power of two is exact.
  const unit =
    2 ** Math.ceil(Math.log2(Math.max(Math.abs(lowest), Math.abs(highest), Number.MIN_VALUE) / 2 ** 10));
  const safeUnit = unit > 0 && Number.isFinite(unit) ? unit : 1;
  let [lower, upper] = [lowest / safeUnit, highest / safeUnit];
  if (upper - lower <= 1e-9 * Math.max(Math.abs(lower), Math.abs(upper))) {
    const margin = Math.abs(upper) / 10 || 1;
    [lower, upper] = [lower - margin, upper + margin];
  }
  const room = (upper - lower) * 0.04;
  return {
    unit: safeUnit,
    lower: lower - room,
    upper: upper + room,
    ticks: ticksOf(lower * safeUnit, upper * safeUnit),
  };
}

function ticksOf(lower: number, upper: number): { value: number; text: string }[] {
  const rough = upper / TICKS - lower / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: { value: number; text: string }[] = [];
  for (let count = Math.ceil(lower / step); count * step <= upper && ticks.length <= 2 * TICKS; count++) {
    const value = count * step;
    if (Number.isFinite(value)) ticks.push({ value, text: tickText(value, step) });
  }
  return ticks;
}

function tickText(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step);
  if (size >= 1e6 || step < 1e-4) return value === 0 ? "0" : value.toExponential(1);
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step))));
}
