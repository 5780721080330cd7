import { expect, it } from "vitest";
import { useWeights } from "../../../src/forecast/totals/use-weights.ts";

const SPANS = [6, 24];

/** A span has this error at all origins. */
function walk(horizon: number, origins: number, errors: readonly [number, number]) {
  const actual = new Array<number>(origins).fill(10);
  return { horizon, actual, predicted: actual.flatMap((value) => errors.map((error) => value + error)) };
}

function weightsAt(horizon: number, walks: ReturnType<typeof walk>[], testedSteps: number): number[] {
  const tested = { spans: SPANS, walks, testedSteps } as unknown as Parameters<typeof useWeights>[0];
  return Array.from(useWeights(tested, [horizon])[0] ?? []);
}

it("a span weighs by its length and its errors", () => {
  // The horizon fits in 3 times, so errors count with the power 10 / 2, and spans with 4 / 4.
  const [short, long] = [0.6, 2 ** -5];
  const [first, second] = weightsAt(10, [walk(10, 12, [1, 2])], 30);
  expect(first).toBeCloseTo(short / (short + long), 9);
  expect(second).toBeCloseTo(long / (short + long), 9);
});

it("a horizon with fewer than 12 origins has the errors of the one before", () => {
  const [before, few, enough] = [walk(8, 40, [1, 2]), walk(10, 11, [2, 1]), walk(10, 12, [2, 1])];
  expect(weightsAt(10, [before, few], 30)).toEqual(weightsAt(10, [before], 30));
  expect(weightsAt(10, [before, enough], 30)).toEqual(weightsAt(10, [enough], 30));
});
