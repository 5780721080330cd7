import { describe, expect, it } from "vitest";
import { Combined } from "../../../src/forecast/combination/combined.ts";
import type { FollowingMethods } from "../../../src/forecast/combination/following-methods.ts";
import { memberWeights } from "../../../src/forecast/combination/member-weights.ts";
import type { FittedMethod } from "../../../src/forecast/method.ts";
import { SeenRange } from "../../../src/forecast/regimes/seen-range.ts";
import { RowMemory } from "../../../src/math/row-memory.ts";

const tested = (horizon: number, origins: number, misses: readonly number[]) => ({
  horizon,
  actual: new Float64Array(origins),
  age: Int32Array.from({ length: origins }, (_, index) => origins - index),
  predicted: Float64Array.from(
    { length: origins * misses.length },
    (_, index) => misses[index % misses.length] as number,
  ),
});

/** Nothing of the present is new, and nothing was expected: the backtest alone counts. */
const calm = { newest: [], hasSeen: () => false, forecastAt: () => 0 };
const MANY = 100_000;
const weightsOf = (walks: readonly ReturnType<typeof tested>[], priors: readonly number[]) =>
  memberWeights(
    walks,
    priors.map((prior) => ({ prior, expectedRatio: 1 })),
    calm,
  ).weights;

describe("memberWeights", () => {
  it("fall with the fifth power of the error, and start from the priors", () => {
    const [weights] = weightsOf([tested(1, MANY, [1, 1.5, -1])], [1, 1, 0.1]);
    expect(Array.from(weights as Float64Array)).toEqual([
      expect.closeTo(1, 3),
      expect.closeTo(1.5 ** -5, 3),
      expect.closeTo(0.1, 3),
    ]);
  });

  it("are 0 below 3 % of all weights", () => {
    const [weights] = weightsOf([tested(1, MANY, [1, 1, 1, 1])], [1, 1, 0.066, 0.056]);
    expect(Array.from(weights as Float64Array)).toEqual([1, 1, expect.closeTo(0.066, 6), 0]);
  });

  it("are those of the horizon before when there are too few origins", () => {
    const [first, second] = weightsOf([tested(1, 20, [1, 2]), tested(2, 11, [2, 1])], [1, 1]);
    expect(second).toEqual(first);
    const [, own] = weightsOf([tested(1, 20, [1, 2]), tested(2, 12, [2, 1])], [1, 1]);
    expect(own).not.toEqual(first);
  });

  it("hang on no change while nothing is new", () => {
    const members = [1, 1].map((prior) => ({ prior, expectedRatio: 1 }));
    expect(memberWeights([tested(1, 20, [1, 2])], members, calm).changeShares).toEqual([0]);
  });

  it("hang on a change as far as the members that lose by it would have weight without it", () => {
    const members = [1, 1].map((prior) => ({ prior, expectedRatio: 1 }));
    // The second member was never further than 1 from naive, and is now 50 away from the newest values.
    const moved = {
      newest: [60],
      hasSeen: () => true,
      forecastAt: (member: number) => (member === 0 ? 60 : 10),
    };
    const { weights, changeShares } = memberWeights([tested(1, MANY, [1, 0.5])], members, moved);
    // 2 ** 5 times the weight of naive, by errors alone.
    expect(changeShares[0]).toBeCloseTo(32 / 33, 3);
    expect(weights[0]?.[1]).toBeLessThan(weights[0]?.[0] as number);
  });

  it("hang on a change as far as the members that know of it have weight", () => {
    const members = [
      { prior: 1, expectedRatio: 1 },
      { prior: 3, expectedRatio: 1, knowsChange: true },
    ];
    expect(memberWeights([tested(1, 20, [1, 1])], members, calm).changeShares).toEqual([0.75]);
  });

  it("are finite when a member is never wrong", () => {
    const [weights] = weightsOf([tested(1, 20, [0, 1])], [1, 1]);
    expect(Array.from(weights as Float64Array)).toEqual([1, 0]);
  });
});

describe("Combined", () => {
  const saying = (level: number, slope = 0): FittedMethod => ({
    update: () => {},
    at: (steps) => level + slope * steps,
  });
  const even = Float64Array.of(1, 1, 1);
  /** A range in which every forecast is plausible. */
  const wide = (): SeenRange => {
    const seen = new SeenRange();
    for (const value of [-1000, 1000]) seen.take(value);
    return seen;
  };

  const combinationOf = (
    members: readonly FittedMethod[],
    horizons: readonly number[],
    weights: readonly Float64Array[],
  ): Combined => {
    const methods: FollowingMethods = {
      size: members.length,
      width: 0,
      seek: () => {},
      forget: () => {},
      update: (value) => {
        for (const member of members) member.update(value);
      },
      keepOnly: () => {},
      write: (steps, { methods, from, count }, into) => {
        for (let place = 0; place < count; place++)
          into[place] = (members[methods[from + place] as number] as FittedMethod).at(steps);
      },
      plausible: () => undefined,
    };
    const memory = new RowMemory(new Float64Array(Combined.widthOf({ horizons, weights })));
    return new Combined(methods, memory, { horizons, weights }, wide());
  };

  it("is the weighted median of its members", () => {
    const members = [saying(1), saying(5), saying(1000)];
    expect(combinationOf(members, [1], [even]).at(1)).toBe(5);
    expect(combinationOf(members, [1], [Float64Array.of(3, 1, 1)]).at(1)).toBe(1);
  });

  it("interpolates between horizons, and keeps the last weights beyond", () => {
    const onlyFirst = Float64Array.of(1, 0, 0);
    const onlyLast = Float64Array.of(0, 0, 1);
    const combined = combinationOf([saying(0), saying(5), saying(2, 1)], [1, 5], [onlyFirst, onlyLast]);
    expect([1, 2, 3, 5, 9].map((steps) => combined.at(steps))).toEqual([0, 1.75, 3.5, 7, 11]);
  });

  it("recomputes after an update", () => {
    let level = 1;
    const member: FittedMethod = {
      update(value) {
        level = value;
      },
      at: () => level,
    };
    const combined = combinationOf([member], [1], [Float64Array.of(1)]);
    expect(combined.at(1)).toBe(1);
    combined.update(7);
    expect(combined.at(1)).toBe(7);
  });
});
