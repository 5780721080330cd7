import { describe, expect, it } from "vitest";
import { LiveTrial } from "../../../src/engine/review/live-trial.ts";

const SECOND = 1000;
/** Scores of one horizon: a forecast every second, ten seconds ahead. */
const HORIZON = 10;

/** A trial of forecasts of a value that is always 0. */
function scenario({ mayDismiss = true, horizon = HORIZON } = {}) {
  const horizonMillis = horizon * SECOND;
  const trial = new LiveTrial({ horizonMillis, stepMillis: SECOND, mayDismiss });
  let at = 0;
  const renew = (): void => trial.renewed(at);
  /**
   * Makes forecasts with an error of `error` when that of naive is `naiveError`. Each tick scores
   * the forecast of ten ticks ago.
   */
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
  /** How many ticks with such errors it takes until the model is dismissed. */
  const ticksUntilDismissed = (error: number, naiveError = 1, most = 1000): number => {
    for (let ticks = 0; ticks < most; ticks++) {
      if (!trial.isInUse) return ticks;
      run(1, error, naiveError);
    }
    return Number.POSITIVE_INFINITY;
  };
  return { trial, run, renew, ticksUntilDismissed };
}

describe("a live trial", () => {
  it.each([0.2, 1, 1.1])("keeps a model whose error is %d of that of naive", (error) => {
    const { trial, run } = scenario();
    run(1000, error);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(error, 7);
  });

  it("dismisses no model before twenty forecasts were scored", () => {
    const { ticksUntilDismissed } = scenario({ horizon: 5 });
    // The first score comes with the sixth tick.
    expect(ticksUntilDismissed(100, 0)).toBe(5 + 20);
  });

  it("dismisses a model that became twice as bad as naive within five horizons, despite its good past", () => {
    const { trial, run, ticksUntilDismissed } = scenario();
    run(1000, 0.5);
    expect(trial.errorRatio).toBeCloseTo(0.5, 2);
    const ticks = ticksUntilDismissed(2);
    // The first bad forecast is scored a horizon after it was made.
    expect(ticks).toBeGreaterThan(HORIZON);
    expect(ticks).toBeLessThanOrEqual(5 * HORIZON);
    expect(trial.awaitsSelection).toBe(true);
  });

  it("dismisses a model that predicts a rhythm that has stopped within four horizons", () => {
    const { run, ticksUntilDismissed } = scenario();
    run(1000, 0.1);
    expect(ticksUntilDismissed(1, 0.01)).toBeLessThanOrEqual(4 * HORIZON);
  });

  it("survives one horizon of bad luck, in which forecasts err together", () => {
    const { trial, run } = scenario();
    run(300, 0.8);
    for (let spell = 0; spell < 10; spell++) {
      run(HORIZON, 2);
      run(3 * HORIZON, 0.4);
    }
    expect(trial.isInUse).toBe(true);
  });

  it("lets at most 34 forecasts wait, evenly spread over a longer horizon", () => {
    const { trial, run } = scenario({ horizon: 360 });
    run(1000, 0.5);
    const waiting = trial.saved().review.pending;
    const due = waiting.filter((_, index) => index % 5 === 0);
    expect(due.length).toBeGreaterThan(28);
    expect(due.length).toBeLessThanOrEqual(34);
    expect(new Set(due.slice(1).map((at, index) => at - (due[index] as number))).size).toBe(1);
  });

  it("has a ratio of 1 and no coverage while naive forecasts", () => {
    const { trial, run } = scenario();
    run(60, 3);
    expect(trial.errorRatio).toBe(1);
    expect(trial.coverage).toBeUndefined();
  });

  it("does not score the next model by the forecasts of the dismissed one", () => {
    const { trial, run } = scenario();
    run(60, 3);
    trial.selected();
    expect(trial.awaitsSelection).toBe(false);
    run(HORIZON + 19, 0.9);
    expect(trial.isInUse).toBe(false);
    run(1, 0.9);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(0.9, 7);
    expect(trial.coverage).toBe(1);
    run(500, 0.9);
    expect(trial.isInUse).toBe(true);
  });

  it("never uses a model on probation that is no better than naive", () => {
    const { trial, run } = scenario();
    run(60, 3);
    trial.selected();
    run(300, 1);
    expect(trial.isInUse).toBe(false);
    run(200, 0.5);
    expect(trial.isInUse).toBe(true);
  });

  it("continues its review after a regular selection", () => {
    const { trial, run } = scenario();
    run(60, 0.5);
    trial.selected();
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(0.5, 9);
  });

  it("never dismisses a method that the user named", () => {
    const { trial, run } = scenario({ mayDismiss: false });
    run(300, 50);
    expect(trial.isInUse).toBe(true);
    expect(trial.errorRatio).toBeCloseTo(50, 6);
  });

  it("does not dismiss the model after a change for the forecasts from before it", () => {
    const { trial, run, renew } = scenario();
    run(100, 0.5);
    // These are due after the change, which makes them bad.
    run(HORIZON, 5);
    renew();
    run(100, 0.5);
    expect(trial.isInUse).toBe(true);

    const without = scenario();
    without.run(100, 0.5);
    without.run(HORIZON, 5);
    without.run(100, 0.5);
    expect(without.trial.isInUse).toBe(false);
  });

  it("counts them in the ratio that is published", () => {
    const { trial, run, renew } = scenario();
    run(100, 0.5);
    run(HORIZON, 20);
    renew();
    run(HORIZON, 0.5);
    expect(trial.errorRatio).toBeGreaterThan(1);
  });

  it("dismisses a model that is worse than naive although it is renewed all the time", () => {
    const { run, renew, trial } = scenario();
    run(100, 0.5);
    for (let tick = 0; tick < 6 * HORIZON; tick++) {
      renew();
      run(1, 3);
    }
    expect(trial.isInUse).toBe(false);
  });
});
