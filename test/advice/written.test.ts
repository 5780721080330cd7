import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measured } from "../../src/advice/digits.ts";
import { type MeasuredMetric, plainWriterOf, writerOf } from "../../src/advice/human-units.ts";

/** Metrics, and how many times the value their amount is: a share is written in percent. */
const UNITS: readonly (readonly [MeasuredMetric, number])[] = [
  [{ metricName: "used_percent" }, 1],
  [{ metricName: "used_ratio" }, 100],
  [{ metricName: "waited_seconds" }, 1],
  [{ metricName: "used_bytes" }, 1],
  [{ metricName: "sent_bytes_per_second" }, 1],
  [{ metricName: "tasks_per_second" }, 1],
  [{ metricName: "spent_usd" }, 1],
  [{ metricName: "depth" }, 1],
  [{ metricName: "depth", unit: "{message}" }, 1],
];

/** What the parts of a text are worth: `1 h 5 min` is 3900. */
const WORTH = new Map([
  ["µs", 1e-6],
  ["ms", 1e-3],
  ["min", 60],
  ["h", 3600],
  ["day", 86_400],
  ["days", 86_400],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
  ["PiB", 2 ** 50],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);

/** The number that a person reads. */
function read(text: string): number {
  const parts = [...text.matchAll(/([\d.]+(?:e[+-]\d+)?)(?: ?([a-zA-Zµ]+))?/g)];
  const size = parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (WORTH.get(unit) ?? 1), 0);
  return text.startsWith("-") ? -size : size;
}

/** Where a unit begins, or a number is rounded up to the next one. */
const BOUNDS = [0, 1, 59.96, 60, 3599.99, 3600, 86_399, 86_400, 1023.9, 1024, 999_999.6, 1e15];

const values = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }).map((power) => 10 ** power),
  fc.double({ min: 60, max: 200_000, noNaN: true }),
);

/** Three digits, but a duration has at most two units: 1 h and 29 s are `1 h`, 1 day and 29 min `1 day`. */
const MOST_ROUNDED = 0.0051;
const MOST_ROUNDED_DURATION = 0.0205;

describe.each(UNITS)("a value of %o", (metric, factor) => {
  const mostRounded = metric.metricName.endsWith("_seconds") ? MOST_ROUNDED_DURATION : MOST_ROUNDED;

  it("is written as the number that it stands for, which is about its amount", () => {
    fc.assert(
      fc.property(values, fc.constantFrom<1 | -1>(1, -1), (size, sign) => {
        const value = sign * size;
        for (const write of [writerOf(metric), plainWriterOf(metric)]) {
          const { text, stands, amount } = write(value, measured());
          expect(amount).toBeCloseTo(factor * value, 9);
          expect(Math.abs(read(text) - stands)).toBeLessThanOrEqual(1e-9 * Math.abs(stands));
          expect(Math.abs(stands - amount)).toBeLessThanOrEqual(mostRounded * Math.abs(amount) + 1e-9);
        }
      }),
      {
        examples: BOUNDS.flatMap((bound): [number, 1 | -1][] => [
          [bound, 1],
          [bound, -1],
        ]),
      },
    );
  });
});
