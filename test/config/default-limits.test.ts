import { expect, it } from "vitest";
import { milderLimits } from "../../src/config/alerting/default-limits.ts";

const PERCENT = { lower: 0, upper: 100 };
const SHARE = { lower: 0, upper: 1 };
const above = (value: number) => ({ value, direction: "above" }) as const;
const below = (value: number) => ({ value, direction: "below" }) as const;

it.each([
  ["90 percent", above(90), [PERCENT], 85.5, 81],
  ["a share of errors", above(0.05), [SHARE], 0.0475, 0.045],
  ["a share of successes", below(0.95), [SHARE], 0.9525, 0.955],
  ["a level whose best value is not known", below(3), [{}], 3.15, 3.3],
  ["a metric that is not known", above(200), [], 190, 180],
  ["the shortest way of several metrics", above(90), [{ lower: 80 }, PERCENT], 89.5, 89],
  ["a limit at the best value", above(0), [{ lower: 0 }], 0, 0],
  ["a negative limit", above(-20), [{}], -21, -22],
])(
  "an alert ends a twentieth of the way before %s, and is mostly reached a tenth of the way before",
  (_, threshold, bounds, recovery, mostly) => {
    const limits = milderLimits(threshold, undefined, { bounds, areDailyTotals: false });
    expect(limits).toEqual({ recovery, nearly: undefined, mostly });
  },
);

it("takes the recovery that is given", () => {
  const level = { bounds: [PERCENT], areDailyTotals: false };
  expect(milderLimits(above(90), 90, level)).toEqual({ recovery: 90, nearly: undefined, mostly: 81 });
});

it("is near the limit of a total of the day when a tenth is left, or the recovery that is given", () => {
  const total = { bounds: [{ lower: 0 }], areDailyTotals: true };
  expect(milderLimits(above(5), undefined, total)).toEqual({
    recovery: 4.5,
    nearly: 4.5,
    nearlyUnknown: 3.75,
    mostly: 3,
  });
  expect(milderLimits(above(5), 2, total)).toEqual({
    recovery: 2,
    nearly: 4.5,
    nearlyUnknown: 3.75,
    mostly: 3,
  });
  expect(milderLimits(above(5), 5, total)).toEqual({
    recovery: 5,
    nearly: 5,
    nearlyUnknown: 3.75,
    mostly: 3,
  });
  expect(milderLimits(below(5), undefined, total)).toEqual({
    recovery: 5.25,
    nearly: undefined,
    mostly: 5.5,
  });
});
