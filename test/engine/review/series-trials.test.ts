import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Horizon } from "../../../src/core/horizon.ts";
import { LiveTrial } from "../../../src/engine/review/live-trial.ts";
import type { SavedTrial } from "../../../src/engine/review/saved-review.ts";
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
      for (const { shared } of series) shared.begin();
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
  gone.begin();
  gone.remove();
  gone.remove();
  const next = new SeriesTrials(tables.of(OPTIONS));
  next.begin();
  const before = Array.from(next, ({ trial }) => trial.saved());
  gone.begin();
  for (let step = 0; step < 50; step++)
    for (const [index, horizon] of gone.horizons.entries()) follow(gone.at(index), horizon, step, step);
  expect(Array.from(next, ({ trial }) => trial.saved())).toEqual(before);
  expect(gone.haveBegun).toBe(false);
});

describe("trials of a series that stands still", () => {
  const numbers = ({ review: { from: _, ...review }, ...trial }: SavedTrial) => ({ ...trial, review });
  const still = fc.record({
    since: fc.integer({ min: 0, max: 2 ** 41 }),
    steps: fc.integer({ min: 0, max: 5000 }),
    value: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    seconds: fc.constantFrom(10, 60, 300, 3600, 86_400),
    stepMillis: fc.constantFrom(1000, 10_000, 60_000),
  });

  it("know what they would know if each of its forecasts had been scored", () => {
    fc.assert(
      fc.property(still, ({ since, steps, value, seconds, stepMillis }) => {
        const horizon = { seconds, label: "a" };
        const options = { horizons: [horizon], stepMillis, mayDismiss: true };
        const scored = new LiveTrial({ ...options, horizonMillis: seconds * 1000 });
        const stood = new SeriesTrials(tables.of(options));
        for (let step = 0; step <= steps; step += 1) {
          const at = since + step * stepMillis;
          const forecast = { at, dueAt: at + seconds * 1000, predicted: value, lower: value, upper: value };
          scored.observe({ at, value });
          scored.remember({ ...forecast, naive: value });
          stood.standStill({ at, value });
        }
        const read = stood.of(horizon) as LiveTrial;
        expect(numbers(read.saved())).toEqual(numbers(scored.saved()));
        expect(read.past()).toEqual(scored.past());
        expect([read.errorRatio, read.coverage]).toEqual([scored.errorRatio, scored.coverage]);
        expect(stood.haveBegun).toBe(false);
        stood.begin();
        expect(numbers(stood.at(0).saved())).toEqual(numbers(scored.saved()));
        expect(stood.still).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it("know nothing before the first forecast", () => {
    const trials = new SeriesTrials(tables.of(OPTIONS));
    expect(trials.of(MINUTES)?.errorRatio).toBeUndefined();
    expect(trials.of(MINUTES)?.past()).toEqual([]);
    expect(trials.awaitSelection).toBe(false);
    expect([...trials]).toEqual([]);
  });

  it("have no forecasts of a gap, and begin after it", () => {
    const scored = new LiveTrial({ ...OPTIONS, horizonMillis: 300_000 });
    const stood = new SeriesTrials(tables.of(OPTIONS));
    const steps = [...Array(60).keys(), ...Array.from({ length: 60 }, (_, step) => 200 + step)];
    for (const at of steps.map((step) => step * OPTIONS.stepMillis)) {
      const forecast = { at, dueAt: at + 300_000, predicted: 5, lower: 5, upper: 5, naive: 5 };
      const isStill = !stood.haveBegun && stood.standStill({ at, value: 5 });
      if (!isStill) stood.begin();
      for (const trial of isStill ? [scored] : [scored, stood.of(MINUTES) as LiveTrial]) {
        trial.observe({ at, value: 5 });
        trial.remember(forecast);
      }
    }
    expect(stood.haveBegun).toBe(true);
    expect(stood.of(MINUTES)?.past()).toEqual(scored.past());
    expect(numbers((stood.of(MINUTES) as LiveTrial).saved())).toEqual(numbers(scored.saved()));
  });

  it("stand still over one step that has no value, not over more", () => {
    const trials = new SeriesTrials(tables.of(OPTIONS));
    const stands = (at: number): boolean => trials.standStill({ at, value: 5 });
    expect([10_000, 30_000, 50_001].map(stands)).toEqual([true, true, false]);
  });

  it("move in time when the clock was set", () => {
    const trials = new SeriesTrials(tables.of(OPTIONS));
    trials.standStill({ at: 20_000, value: 5 });
    trials.standStill({ at: 30_000, value: 5 });
    trials.shift(-10_000);
    expect(trials.still).toEqual({ since: 10_000, until: 20_000, value: 5 });
  });
});

it("has a place of its own in each engine, so that it ends with the engine", () => {
  expect(tables.of({ ...OPTIONS, horizons: [MINUTE, MINUTES] })).toBe(tables.of(OPTIONS));
  expect(tables.of({ ...OPTIONS, mayDismiss: false })).not.toBe(tables.of(OPTIONS));
  expect(new TrialTables().of(OPTIONS)).not.toBe(tables.of(OPTIONS));
});
