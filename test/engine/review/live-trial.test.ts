import { describe, expect, it } from "vitest";
import { LiveTrial } from "../../../src/engine/review/live-trial.ts";

const SECOND = 1000;
/** Scores of one horizon: a forecast a second, ten seconds ahead. */
const HORIZON = 10;

/** A trial of forecasts of a value that is always 0. */
function scenario({ mayDismiss = true, horizon = HORIZON } = {}) {
  const horizonMillis = horizon * SECOND;
  const trial = new LiveTrial({ horizonMillis, stepMillis: SECOND, mayDismiss });
  let at = 0;
  /** Makes forecasts that will miss by `error` where naive misses by `naiveError`; each tick scores one that was made ten ticks ago. */
  const run = (ticks: number, error: number, naiveError = 1): void => {
    for (let tick = 0; tick < ticks; tick++) {
      trial.observe({ at, value: 0 });
      trial.remember({
        at,
        dueAt: at + horizonMillis,
        predicted: error,
        lower: -1,
        upper: 1,
        naive: naiveError,
      });
      at += SECOND;
    }
  };
  /** How many ticks until the model goes out of use, from forecasts that miss so. */
  const ticksUntilDismissed = (error: number, naiveError = 1, most = 1000): number => {
    for (let ticks = 0; ticks < most; ticks++) {
      if (!trial.isInUse) return ticks;
      run(1, error, naiveError);
    }
    return Number.POSITIVE_INFINITY;
  };
  return { trial, run, ticksUntilDismissed };
}

describe("a live trial", () => {
  it.each([0.2, 1, 1.1])("keeps a model whose error is %d of that of naive", (error) => {
    const { trial, run } = scenario();
    run(1000, error);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(error, 9);
  });

  it("dismisses no model before twenty forecasts were scored", () => {
    const { ticksUntilDismissed } = scenario({ horizon: 5 });
    // The first score comes with the sixth tick.
    expect(ticksUntilDismissed(100, 0)).toBe(5 + 20);
  });

  it("dismisses a model that turned twice as bad as naive within five horizons, its good past notwithstanding", () => {
    const { trial, run, ticksUntilDismissed } = scenario();
    run(1000, 0.5);
    expect(trial.errorRatio).toBeCloseTo(0.5, 2);
    const ticks = ticksUntilDismissed(2);
    // The first bad forecast is scored a horizon after it was made.
    expect(ticks).toBeGreaterThan(HORIZON);
    expect(ticks).toBeLessThanOrEqual(5 * HORIZON);
    expect(trial.awaitsSelection).toBe(true);
  });

  it("dismisses a model that goes on about a rhythm that has stopped within four horizons", () => {
    const { run, ticksUntilDismissed } = scenario();
    run(1000, 0.1);
    expect(ticksUntilDismissed(1, 0.01)).toBeLessThanOrEqual(4 * HORIZON);
  });

  it("takes more than one horizon of bad luck, in which forecasts err together", () => {
    const { trial, run } = scenario();
    run(300, 0.8);
    for (let spell = 0; spell < 10; spell++) {
      run(HORIZON, 2);
      run(3 * HORIZON, 0.4);
    }
    expect(trial.isInUse).toBe(true);
  });

  it("says of naive, while that stands in, that it is as good as naive, and nothing of its coverage", () => {
    const { trial, run } = scenario();
    run(60, 3);
    expect(trial.errorRatio).toBe(1);
    expect(trial.coverage).toBeUndefined();
  });

  it("does not hold the old model's forecasts against the model that is chosen next", () => {
    const { trial, run } = scenario();
    run(60, 3);
    trial.selected();
    expect(trial.awaitsSelection).toBe(false);
    run(HORIZON + 19, 0.9);
    expect(trial.isInUse).toBe(false);
    run(1, 0.9);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(0.9, 9);
    expect(trial.coverage).toBe(1);
    run(500, 0.9);
    expect(trial.isInUse).toBe(true);
  });

  it("does not admit a model that is no better than naive, however long it is tried", () => {
    const { trial, run } = scenario();
    run(60, 3);
    trial.selected();
    run(300, 1);
    expect(trial.isInUse).toBe(false);
    run(200, 0.5);
    expect(trial.isInUse).toBe(true);
  });

  it("goes on with its review when a model is chosen in turn", () => {
    const { trial, run } = scenario();
    run(60, 0.5);
    trial.selected();
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(0.5, 9);
  });

  it("keeps a method that a person named, whatever comes", () => {
    const { trial, run } = scenario({ mayDismiss: false });
    run(300, 50);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(50, 6);
  });
});
