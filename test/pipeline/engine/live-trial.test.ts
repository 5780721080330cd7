import { describe, expect, it } from "vitest";
import { LiveTrial, type Verdict } from "../../../src/pipeline/engine/live-trial.ts";

const SECOND = 1000;

/** A trial at a horizon of one tick, in which the value is 0 until it is told otherwise. */
function scenario(mayDismiss = true) {
  const trial = new LiveTrial({ toleranceMillis: 500, mayDismiss });
  let at = 0;
  /** Forecasts that miss by `error` where naive misses by `naiveError`, each scored a tick later; the verdicts that were given. */
  const run = (forecasts: number, error: number, naiveError = 1): Verdict[] => {
    const verdicts: Verdict[] = [];
    for (let index = 0; index < forecasts; index++) {
      trial.remember({ at, dueAt: at + SECOND, predicted: error, lower: -1, upper: 1, naive: naiveError });
      at += SECOND;
      verdicts.push(trial.observe({ at, value: 0 }));
    }
    return verdicts;
  };
  return { trial, run };
}

describe("a live trial", () => {
  it("keeps a model that is better than naive, as good, or worse by a tenth", () => {
    for (const error of [0.2, 1, 1.1]) {
      const { trial, run } = scenario();
      run(200, error);
      expect(trial.isInUse, `${error}`).toBe(true);
      expect(trial.errorRatio).toBeCloseTo(error, 9);
    }
  });

  it("dismisses a model that is worse than naive by more, with the twentieth score and not before", () => {
    const { trial, run } = scenario();
    expect(run(19, 1.11)).not.toContain("dismissed");
    expect(trial.isInUse).toBe(true);
    expect(run(1, 1.11)).toEqual(["dismissed"]);
    expect(trial.isInUse).toBe(false);
    expect(trial.awaitsSelection).toBe(true);
  });

  it("dismisses a model that had been good for long within 64 scores after it turned twice as bad as naive", () => {
    const { trial, run } = scenario();
    run(500, 0.5);
    const verdicts = run(64, 2);
    expect(verdicts).toContain("dismissed");
    // ratio after k scores: .5 + 1.5 (1 - (63/64)^k) > 1.1
    expect(verdicts.indexOf("dismissed") + 1).toBe(Math.ceil(Math.log(0.6) / Math.log(63 / 64)));
    expect(trial.isInUse).toBe(false);
  });

  it("says of naive, while that stands in, that it is as good as naive, and nothing of its coverage", () => {
    const { trial, run } = scenario();
    run(20, 3);
    expect(trial.errorRatio).toBe(1);
    expect(trial.coverage).toBeUndefined();
  });

  it("does not hold the old model's forecasts against the model that is chosen next", () => {
    const { trial, run } = scenario();
    run(20, 3);
    trial.selected();
    expect(trial.awaitsSelection).toBe(false);
    expect(trial.isInUse).toBe(false);
    expect(run(19, 0.9)).not.toContain("admitted");
    expect(run(1, 0.9)).toEqual(["admitted"]);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(0.9, 9);
    expect(trial.coverage).toBe(1);
  });

  it("does not admit a model that is no better than naive, however long it is tried", () => {
    const { trial, run } = scenario();
    run(20, 3);
    trial.selected();
    run(300, 1);
    expect(trial.isInUse).toBe(false);
    run(200, 0.5);
    expect(trial.isInUse).toBe(true);
  });

  it("goes on with its review when a model is chosen in turn", () => {
    const { trial, run } = scenario();
    run(30, 0.5);
    trial.selected();
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(0.5, 9);
  });

  it("keeps a method that a person named, whatever comes", () => {
    const { trial, run } = scenario(false);
    run(300, 50);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(50, 6);
  });
});
