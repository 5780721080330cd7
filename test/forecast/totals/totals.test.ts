import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import type { ForecastModel } from "../../../src/forecast/forecast-model.ts";
import { MeanUse } from "../../../src/forecast/totals/mean-use.ts";
import { bridgeGaps, RunningTotal } from "../../../src/forecast/totals/running-total.ts";
import { pageAt, sectionOf } from "../../docs/pages.ts";

const { NaN: gap } = Number;

function modelOf(values: readonly number[], horizonSteps: number, season?: number): ForecastModel {
  const history = { values, stepSeconds: 60, ...(season === undefined ? {} : { season }) };
  const result = fitModel(history, { method: "auto", isTotal: true, horizonSteps });
  if (result.state !== "ready") throw new Error(result.state);
  return result.model;
}

/** A gap stays a gap. */
function addedUp(used: readonly number[]): number[] {
  let sum = 0;
  return used.map((value) => {
    if (Number.isNaN(value)) return gap;
    sum += value;
    return sum;
  });
}

/** Random numbers from -0.5 to 0.5 that a seed determines. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
}

/**
 * A use whose level wanders so fast that the mean over about this span predicts it best: the weight
 * of a new step is the deviation of the level's steps over that of the noise, where it is small
 * (Muth, Optimal Properties of Exponentially Weighted Forecasts, 1960).
 */
function wanderingUse(span: number, seed: number): number[] {
  const random = noise(seed);
  let level = 100;
  return Array.from({ length: 4000 }, () => {
    level += random() / span;
    return level + random();
  });
}

describe("the mean use", () => {
  const meanOf = (totals: readonly number[], span: number): MeanUse => {
    const mean = new MeanUse(span);
    for (const total of totals) mean.update(total);
    return mean;
  };

  it("of the whole history weighs all steps alike", () => {
    // y(T) + h (y(T) - y(1)) / (T - 1), https://otexts.com/fpp3/simple-methods.html
    expect(meanOf([2, 3, 7, 7, 12], Number.POSITIVE_INFINITY).at(4)).toBe(12 + (4 * (12 - 2)) / 4);
  });

  it("of a span weighs a step less the longer ago it was", () => {
    const decay = Math.exp(-1 / 2);
    const mean = (5 + 0 * decay + 4 * decay ** 2) / (1 + decay + decay ** 2);
    expect(meanOf([3, 7, 7, 12], 2).at(4)).toBeCloseTo(12 + 4 * mean, 12);
  });

  it("predicts no change from a single value", () => {
    expect(meanOf([5], 6).at(10)).toBe(5);
  });
});

describe("gaps of a total", () => {
  it("are interpolated, and a gap at the end is cut off", () => {
    expect([...bridgeGaps(Float64Array.of(1, gap, gap, 7, 8, gap))]).toEqual([1, 3, 5, 7, 8]);
  });

  it("are interpolated when they end, and forecasts continue from the last known value", () => {
    const mean = new MeanUse(Number.POSITIVE_INFINITY);
    for (const total of [0, 10, 20]) mean.update(total);
    const total = new RunningTotal(mean, { last: 20, gap: 0, seen: 3 });
    total.update(gap);
    expect(total.at(1)).toBe(40);
    total.update(60);
    expect(total.at(1)).toBe(60 + 60 / 4);
  });
});

describe("a running total", () => {
  it("that rises evenly continues at any distance, from a handful of points", () => {
    const model = modelOf(
      Array.from({ length: 12 }, (_, step) => 5 + 3 * step),
      1440,
    );
    expect(model.predictAt(1440).mean).toBeCloseTo(38 + 3 * 1440, 6);
    model.update(41);
    expect(model.predictAt(10).mean).toBeCloseTo(71, 6);
  });

  it("is trusted only as far ahead as it was seen, but may continue", () => {
    const model = modelOf(
      Array.from({ length: 12 }, (_, step) => 5 + 3 * step),
      1440,
    );
    expect(model.predictAt(12).lower80).toBeCloseTo(38 + 3 * 12, 6);
    expect(model.predictAt(1440).lower80).toBeCloseTo(38 + 3 * 12, 6);
    expect(model.predictAt(1440).upper80).toBeCloseTo(38 + 3 * 1440, 6);
    model.update(41);
    expect(model.predictAt(1440).lower80).toBeCloseTo(41 + 3 * 13, 6);
  });

  it("of bursts continues with their mean, though the median step is 0", () => {
    const used = Array.from({ length: 400 }, (_, step) => (step % 10 === 0 ? 50 : 0));
    expect(modelOf(addedUp(used), 200).predictAt(200).mean / (400 * 5)).toBeCloseTo(1.5, 1);
  });

  it("does not follow each burst when it looks far ahead", () => {
    // Busy for 20 minutes, idle for 70: 640 a day.
    const used = Array.from({ length: 480 }, (_, step) => (step % 90 < 20 ? 2 : 0));
    for (let seen = 150; seen < 480; seen += 10) {
      const { mean } = modelOf(addedUp(used.slice(0, seen)), 1440 - seen).predictAt(1440 - seen);
      expect(mean).toBeGreaterThan(600);
      expect(mean).toBeLessThan(900);
    }
  });

  it("does not fall on the way ahead when a burst has ended", () => {
    // The mean of the burst counts for near horizons, that of all steps for far ones.
    const used = Array.from({ length: 730 }, (_, step) => (step % 360 < 60 && step > 60 ? 50 : 1));
    const last = addedUp(used).at(-1) as number;
    const { mean } = modelOf(addedUp(used), 600).predict(600);
    for (let near = 1; near <= 256; near *= 2) {
      for (let steps = near; steps <= 600; steps++) {
        expect(mean[steps - 1]).toBeGreaterThanOrEqual((mean[near - 1] as number) - 1e-9 * last);
      }
    }
  });

  it("has a lower bound above its last value while the use surely goes on", () => {
    const total = addedUp(Array.from({ length: 200 }, (_, step) => 2 + (step % 3)));
    const last = total.at(-1) as number;
    for (const steps of [5, 60, 600, 1240]) {
      expect(modelOf(total, 1240).predictAt(steps).lower80).toBeGreaterThan(last + Math.min(steps, 200));
    }
  });

  it("follows the season of its use", () => {
    // Half of the steps of a day use 2, the other half nothing; the history ends with a day.
    const used = Array.from({ length: 10 * 48 }, (_, step) => (step % 48 < 24 ? 2 : 0));
    const total = addedUp(used);
    const last = total.at(-1) as number;
    const model = modelOf(total, 48, 48);
    expect(model.predictAt(24).mean - last).toBeCloseTo(48, -1);
    expect(model.predictAt(48).mean - last).toBeCloseTo(48, -1);
    for (let step = 0; step < 24; step++) model.update(last + 2 * (step + 1));
    expect(model.predictAt(24).mean - (last + 48)).toBeLessThan(5);
    expect(model.method).toContain("season 48");
  });

  it("blends the means of the spans that the page of the methods names", () => {
    const [, short = "", longest = ""] =
      /over spans of ([\d, ]+), ([\d,]+) and all\s+steps/.exec(
        sectionOf(pageAt("docs/accuracy.md"), "How auto works for a running total").text,
      ) ?? [];
    const spans = [...short.split(", "), longest.replace(",", "")];
    const best = [6, 24, 96, 384, 1536, 1e6].flatMap((span) =>
      [1, 2, 3, 4, 5, 6].map((seed) => modelOf(addedUp(wanderingUse(span, seed)), 8).method),
    );
    expect(new Set(best)).toEqual(
      new Set(["auto: mean-use", ...spans.map((span) => `auto: mean-use(${span})`)]),
    );
  });

  it("never falls, and neither does a bound of its forecasts, with any use and gaps", () => {
    const used = fc.array(fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(gap)), {
      minLength: 8,
      maxLength: 80,
    });
    fc.assert(
      fc.property(used, fc.integer({ min: 1, max: 200 }), (values, steps) => {
        const total = addedUp(values);
        const last = total.findLast((value) => !Number.isNaN(value)) ?? 0;
        const result = fitModel(
          { values: total, stepSeconds: 60 },
          { method: "auto", isTotal: true, horizonSteps: 50 },
        );
        if (result.state !== "ready") return;
        const { mean, lower80, upper80, lower95, upper95 } = result.model.predictAt(steps);
        // Values are scaled and back.
        expect(lower95).toBeGreaterThanOrEqual(last - 1e-6 * last);
        expect(lower95 <= lower80 && lower80 <= mean && mean <= upper80 && upper80 <= upper95).toBe(true);
        expect(Number.isFinite(upper95)).toBe(true);
      }),
    );
  });
});
