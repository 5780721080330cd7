import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PredictedStep } from "../../../src/core/model.ts";
import { SimulatedWindow } from "./simulated-window.ts";

/** Numbers in [0, 1), the same every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}

/** A forecast without an interval. */
function exactly(mean: number): PredictedStep {
  return { mean, lower80: mean, upper80: mean, lower95: mean, upper95: mean };
}

interface Scored {
  readonly error: number;
  readonly naiveError: number;
  readonly isInside: boolean;
}

/** Runs a process whose tasks fail at random, and scores the forecasts of a horizon. */
function run(failing: (slice: number) => number, horizonSeconds: number, steps = 1200): Scored[] {
  const scores: Scored[] = [];
  for (let seed = 1; seed <= 6; seed++) {
    const random = randomNumbers(1000 * seed);
    const window = new SimulatedWindow("ratio", 300);
    const forecaster = window.forecaster({ lower: 0, upper: 1 });
    const made: { step: PredictedStep; value: number }[] = [];
    for (let slice = 0; slice < steps; slice++) {
      const failed = Array.from({ length: 20 }, () => Number(random() < failing(slice)));
      window.collect(
        failed.reduce((sum, one) => sum + one, 0),
        20,
      );
      const { value } = window;
      forecaster.take({ at: window.millis, value });
      const due = made[slice - horizonSeconds / 10];
      if (due !== undefined && slice > steps / 4)
        scores.push({
          error: Math.abs(due.step.mean - value),
          naiveError: Math.abs(due.value - value),
          isInside: value >= due.step.lower80 && value <= due.step.upper80,
        });
      made.push({ step: forecaster.forecast(horizonSeconds, exactly(value)), value });
    }
  }
  return scores;
}

function ratioOf(scores: readonly Scored[]): number {
  const sum = (key: "error" | "naiveError") => scores.reduce((total, score) => total + score[key], 0);
  return sum("error") / sum("naiveError");
}

it.each([
  ["a counter that jumps to the largest numbers", (slice: number) => (slice === 25 ? 1.7e308 : 1)],
  ["a counter that keeps on stepping so far", (slice: number) => (slice % 10 === 5 ? 1.5e307 : 0)],
])("has an interval of finite numbers, for %s", (_, countedIn) => {
  const window = new SimulatedWindow("rate", 300);
  const forecaster = window.forecaster({ lower: 0 });
  for (let slice = 0; slice < 100; slice++) {
    window.collect(countedIn(slice), 0);
    const { value } = window;
    forecaster.take({ at: window.millis, value });
    for (const seconds of [300, 3600]) {
      const { lower95, lower80, mean, upper80, upper95 } = forecaster.forecast(seconds, exactly(value));
      const ascending = [lower95, lower80, mean, upper80, upper95];
      expect(ascending.every(Number.isFinite), `${ascending}`).toBe(true);
      expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    }
  }
});

it("forecasts of series that take turns are those of each alone", () => {
  const shares = [0.1, 0.6];
  const made = (share: number) => {
    const window = new SimulatedWindow("ratio", 300);
    return { window, forecaster: window.forecaster(), share };
  };
  const stepped = ({ window, forecaster, share }: ReturnType<typeof made>, step: number): PredictedStep => {
    window.collect(share * (step % 7), 10);
    forecaster.take({ at: window.millis, value: window.value });
    return forecaster.forecast(60, exactly(window.value));
  };
  const steps = Array.from({ length: 60 }, (_, step) => step);
  const alone = shares.map(made).map((series) => steps.map((step) => stepped(series, step)));
  const both = shares.map(made);
  const inTurns = steps.map((step) => both.map((series) => stepped(series, step)));
  for (const series of [0, 1]) expect(inTurns.map((all) => all[series])).toEqual(alone[series]);
});

describe("the forecast of a ratio over a window", () => {
  it("errs a quarter less than no change when failures come at random, and its intervals hold", () => {
    for (const horizonSeconds of [60, 300]) {
      const scores = run(() => 0.05, horizonSeconds);
      expect(ratioOf(scores)).toBeLessThan(0.8);
      const held = scores.filter(({ isInside }) => isInside).length / scores.length;
      expect(held).toBeGreaterThan(0.7);
      expect(held).toBeLessThan(0.9);
    }
  });

  it("errs less than no change when failures come in bursts and when their rate has changed for good", () => {
    const bursts = (slice: number) => (slice % 80 < 8 ? 0.4 : 0.02);
    expect(ratioOf(run(bursts, 60))).toBeLessThan(0.8);
    expect(ratioOf(run((slice) => (slice < 500 ? 0.02 : 0.2), 60))).toBeLessThan(0.85);
  });

  it("is within 0 and 1, interval included, and orders its bounds", () => {
    const tasks = fc.integer({ min: 0, max: 30 });
    const collections = fc.array(fc.tuple(tasks, tasks, fc.constantFrom(10, 10, 10, 35, 4000)), {
      minLength: 5,
      maxLength: 80,
    });
    fc.assert(
      fc.property(collections, (counted) => {
        const window = new SimulatedWindow("ratio", 60);
        const forecaster = window.forecaster({ lower: 0, upper: 1 });
        for (const [part, more, after] of counted) {
          window.collect(part, part + more, after);
          forecaster.take({ at: window.millis, value: window.value });
          for (const horizonSeconds of [10, 60, 3600]) {
            const step = forecaster.forecast(horizonSeconds, exactly(window.value));
            const { lower95, lower80, mean, upper80, upper95 } = step;
            const ascending = [0, lower95, lower80, mean, upper80, upper95, 1];
            expect(ascending.every(Number.isFinite)).toBe(true);
            expect([...ascending].sort((one, other) => one - other)).toEqual(ascending);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is not negative without known bounds, unless its values or those of its history are", () => {
    const lowestOf = (sign: number, ofHistory: number): number => {
      const window = new SimulatedWindow("rate", 60);
      const forecaster = window.forecaster();
      let lowest = Number.POSITIVE_INFINITY;
      for (let slice = 0; slice < 200; slice += 1) {
        window.collect(sign * (slice % 40 === 0 ? 50 : 0), 0);
        forecaster.take({ at: window.millis, value: window.value });
        const byHistory = { ...exactly(window.value), lower80: ofHistory, lower95: ofHistory };
        for (const step of [forecaster.forecast(60, byHistory), forecaster.predict(60, 30, byHistory)])
          lowest = Math.min(lowest, step.lower80, step.mean);
      }
      return lowest;
    };
    expect(lowestOf(1, 0)).toBe(0);
    expect(lowestOf(1, -1)).toBeLessThan(0);
    expect(lowestOf(-1, 0)).toBeLessThan(0);
  });

  it("prefers another forecast that has been right", () => {
    const window = new SimulatedWindow("rate", 60);
    const forecaster = window.forecaster();
    const wave = (slice: number): number => Math.round(20 + 18 * Math.sin(slice / 12));
    const rateAt = (slice: number): number =>
      [0, 1, 2, 3, 4, 5].reduce((sum, age) => sum + wave(slice - age), 0) / 60;
    for (let slice = 0; slice < 600; slice++) {
      window.collect(wave(slice), 0);
      forecaster.take({ at: window.millis, value: window.value });
      forecaster.forecast(300, exactly(rateAt(slice + 30)));
    }
    expect(forecaster.method(300)).toBe("window: history");
    expect(forecaster.errorVersusNaive(300)).toBeLessThan(0.1);
    expect(forecaster.forecast(300, exactly(rateAt(629))).mean).toBeCloseTo(rateAt(629), 1);
  });

  it("is as uncertain as the other forecast until its own intervals are proven", () => {
    const window = new SimulatedWindow("rate", 60);
    const forecaster = window.forecaster();
    const wide = { mean: 1, lower80: 0, upper80: 3, lower95: -1, upper95: 4 };
    const widths: number[] = [];
    for (let slice = 0; slice < 2000; slice++) {
      window.collect(10 + (slice % 2), 0);
      forecaster.take({ at: window.millis, value: window.value });
      const { mean, lower80, upper80 } = forecaster.forecast(300, wide);
      if (slice === 0)
        expect([mean - lower80, upper80 - mean]).toEqual([expect.closeTo(1), expect.closeTo(2)]);
      widths.push(upper80 - lower80);
    }
    expect(widths.at(-1)).toBeLessThan(0.2);
  });

  it("forecasts after the clock was set as if it had not been", () => {
    for (const step of [3_600_000, -3_600_000]) {
      const random = randomNumbers(7);
      const [window, other] = [new SimulatedWindow("rate", 60), new SimulatedWindow("rate", 60)];
      const [forecaster, moved] = [window.forecaster(), other.forecaster()];
      for (let slice = 0; slice < 300; slice++) {
        if (slice === 100) moved.shift(step);
        const count = Math.round(10 * random());
        for (const one of [window, other]) one.collect(count, 0);
        forecaster.take({ at: window.millis, value: window.value });
        moved.take({ at: other.millis + (slice < 100 ? 0 : step), value: other.value });
        const guess = exactly(window.value);
        expect(moved.forecast(300, guess)).toEqual(forecaster.forecast(300, guess));
      }
      expect(moved.errorVersusNaive(300)).toBe(forecaster.errorVersusNaive(300));
    }
  });

  it("has an error only after a horizon was scored", () => {
    const window = new SimulatedWindow("rate", 60);
    const forecaster = window.forecaster();
    for (let slice = 0; slice < 70; slice++) {
      if (slice < 50) expect(forecaster.errorVersusNaive(300)).toBeUndefined();
      window.collect(slice % 7, 0);
      forecaster.take({ at: window.millis, value: window.value });
      forecaster.forecast(300, exactly(window.value));
    }
    expect(forecaster.errorVersusNaive(300)).toBeGreaterThan(0);
  });
});
