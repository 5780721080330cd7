import fc from "fast-check";
import { expect, it } from "vitest";
import type { Horizon } from "../../../src/core/horizon.ts";
import { LiveTrial } from "../../../src/engine/review/live-trial.ts";
import { SeriesTrials, TrialTables } from "../../../src/engine/review/series-trials.ts";

const MINUTE: Horizon = { seconds: 60, label: "1m" };
const MINUTES: Horizon = { seconds: 300, label: "5m" };
const OPTIONS = { horizons: [MINUTES, MINUTE], stepMillis: 10_000, mayDismiss: true };
const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
  minLength: 150,
  maxLength: 250,
});

const tables = new TrialTables();

/** Scores a forecast of "twice the value" at each step. */
function follow(trial: LiveTrial, { seconds }: Horizon, step: number, value: number): void {
  const at = step * OPTIONS.stepMillis;
  trial.observe({ at, value });
  const predicted = 2 * value;
  trial.remember({ at, dueAt: at + seconds * 1000, predicted, lower: 0, upper: predicted, naive: value });
  if (step % 97 === 0) trial.selected();
}

it("has the horizons in ascending order", () => {
  const trials = new SeriesTrials(tables.of(OPTIONS));
  expect(trials.horizons).toEqual([MINUTE, MINUTES]);
  expect(trials.of({ seconds: 61, label: "61s" })).toBeUndefined();
});

it("is for each series what trials of its own would be, although series take turns", () => {
  fc.assert(
    fc.property(values, (both) => {
      const series = [0, 1].map(() => ({
        shared: new SeriesTrials(tables.of(OPTIONS)),
        own: [MINUTE, MINUTES].map(
          ({ seconds }) => new LiveTrial({ ...OPTIONS, horizonMillis: seconds * 1000 }),
        ),
      }));
      for (const [step, pair] of both.entries()) {
        for (const [which, { shared, own }] of series.entries()) {
          const value = pair[which] as number;
          for (const { horizon, trial } of shared) follow(trial, horizon, step, value);
          for (const [index, trial] of own.entries())
            follow(trial, shared.horizons[index] as Horizon, step, value);
        }
      }
      for (const { shared, own } of series) {
        const states = Array.from(shared, ({ trial }) => trial.saved());
        expect(states).toEqual(own.map((trial) => trial.saved()));
        expect(shared.awaitSelection).toBe(own.some((trial) => trial.awaitsSelection));
        expect(shared.of(MINUTES)?.errorRatio).toBe(own[1]?.errorRatio);
      }
    }),
    { numRuns: 30 },
  );
});

it("does no harm to another series after its end", () => {
  const gone = new SeriesTrials(tables.of(OPTIONS));
  gone.remove();
  gone.remove();
  const next = new SeriesTrials(tables.of(OPTIONS));
  const before = Array.from(next, ({ trial }) => trial.saved());
  for (let step = 0; step < 50; step++)
    for (const { horizon, trial } of gone) follow(trial, horizon, step, step);
  expect(Array.from(next, ({ trial }) => trial.saved())).toEqual(before);
});

it("has a place of its own in each engine, so that it ends with the engine", () => {
  expect(tables.of({ ...OPTIONS, horizons: [MINUTE, MINUTES] })).toBe(tables.of(OPTIONS));
  expect(tables.of({ ...OPTIONS, mayDismiss: false })).not.toBe(tables.of(OPTIONS));
  expect(new TrialTables().of(OPTIONS)).not.toBe(tables.of(OPTIONS));
});
