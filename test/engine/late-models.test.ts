import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample } from "../../src/core/sample.ts";
import { LateModels } from "../../src/engine/late-models.ts";
import { PostponedValues } from "../../src/engine/postponed-values.ts";
import { TrialTables } from "../../src/engine/review/series-trials.ts";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { SeriesModels } from "../../src/engine/series-models.ts";
import { SeriesPlan } from "../../src/engine/series-plan.ts";
import { RowTables } from "../../src/math/row-tables.ts";
import { TieredSeries } from "../../src/series/tiered-series.ts";

const STEP_MILLIS = 10_000;
const HORIZONS = [
  { label: "5m", seconds: 300 },
  { label: "1h", seconds: 3600 },
  { label: "2h", seconds: 7200 },
];
const RESOLUTIONS = [
  { stepSeconds: 10, capacity: 360 },
  { stepSeconds: 60, capacity: 360 },
];
/** Models of fewer values do not last. */
const LASTING = 320;

/** Deterministic noise from 0 to 1. */
const noise = (step: number): number => Math.abs(Math.sin(step * 12.9898) * 43758.5453) % 1;

function planOf(): SeriesPlan {
  const stepMillis = STEP_MILLIS;
  return new SeriesPlan(
    { metric: "queue_depth", labels: {} },
    {
      view: { instruments: ["m"], by: "all", outputs: [] },
      unit: "1",
      method: "auto",
      kind: new LevelKind({}),
      clock: undefined,
      horizons: HORIZONS,
      spans: HORIZONS.map(({ seconds }) => seconds),
      threshold: undefined,
      seasonSeconds: undefined,
      forecastIntervalMillis: 30 * stepMillis,
      stepMillis,
      isSaved: true,
      modelTables: new RowTables(),
      windowTables: new RowTables(1),
      trials: new TrialTables().of({ horizons: HORIZONS, stepMillis, mayDismiss: true }),
      postponed: new PostponedValues(stepMillis),
    },
  );
}

/** The same series twice: with models that may be late, and with models that take each value at once. */
class Twins {
  readonly plan = planOf();
  readonly #series = [0, 1].map(() => new TieredSeries({ resolutions: RESOLUTIONS })) as [
    TieredSeries,
    TieredSeries,
  ];
  readonly late = new LateModels(this.#series[0], this.plan);
  readonly prompt = new SeriesModels(this.#series[1], planOf());
  turn = 0;
  now = 0;
  /** How long the process was suspended. */
  pausedMillis = 0;
  /** How many values have waited. */
  waited = 0;

  /** A collection. Returns whether its value waits. */
  take(value: number, jitterMillis = 0): boolean {
    this.turn += 1;
    this.now = this.pausedMillis + this.turn * STEP_MILLIS + jitterMillis;
    this.plan.postponed.begin(this.turn, this.now);
    const sample: Sample = { at: this.now, value };
    if (!this.#series[0].isNext(this.now)) this.late.catchUp();
    for (const series of this.#series) series.append(sample);
    this.prompt.feed();
    this.prompt.review(sample);
    const waits = this.late.postpone(this.turn, value);
    if (waits) this.waited += 1;
    else {
      this.late.feed(this.turn);
      this.late.review(sample, undefined);
    }
    return waits;
  }

  /** Collections until a value waits. */
  takeOneThatWaits(): void {
    while (!this.take(51.9));
  }

  /** A collection in which the series has no value. */
  miss(): void {
    this.turn += 1;
  }

  /** Selects models, at both as they are now. */
  fit(): void {
    for (const models of [this.late.now, this.prompt]) {
      models.fit(0, this.now);
      models.fit(1, this.now);
    }
  }

  /** Has a series that is old enough for models that last. */
  grow(value: (step: number) => number, steps = LASTING): this {
    for (let step = 0; step < steps; step += 1) this.take(value(step));
    this.fit();
    this.take(value(steps));
    return this;
  }
}

const level = (step: number): number => 50 + 4 * noise(step);

describe("models that may be late", () => {
  it("know what they would know if each value had been taken at once", () => {
    const script = fc.array(
      fc.record({
        add: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(0.5, -3, 25)),
        jitter: fc.integer({ min: -2000, max: 2000 }),
        after: fc.oneof(
          { weight: 8, arbitrary: fc.constant("nothing") },
          fc.constantFrom("read", "fit", "miss", "shift"),
        ),
      }),
      { minLength: 20, maxLength: 60 },
    );
    let waited = 0;
    fc.assert(
      fc.property(script, (steps) => {
        const twins = new Twins().grow(level);
        let base = 0;
        for (const { add, jitter, after } of steps) {
          base += add === 25 ? 25 : 0;
          twins.take(level(twins.turn) + base + add, jitter);
          if (after === "fit") twins.fit();
          if (after === "miss") twins.miss();
          if (after === "shift") for (const models of [twins.late.now, twins.prompt]) models.shift(0.5);
          if (after !== "read") continue;
          const latest = { at: twins.now, value: level(twins.turn) };
          expect(twins.late.now.outlook(latest).horizons.map(({ predicted }) => predicted)).toEqual(
            twins.prompt.outlook(latest).horizons.map(({ predicted }) => predicted),
          );
        }
        waited += twins.waited;
        expect(twins.late.saved()).toMatchObject(twins.prompt.saved());
      }),
      { numRuns: 25 },
    );
    expect(waited).toBeGreaterThan(100);
  });

  it("let values wait that are expected, until the turn of the series comes", () => {
    const twins = new Twins().grow(level);
    const waits = Array.from({ length: 24 }, () => twins.take(51.9));
    expect(waits.filter((it) => !it)).toHaveLength(4);
    expect(waits.slice(0, 12)).toEqual(waits.slice(12));
  });

  it("become too old when it is the turn of the series, and at once while each value counts", () => {
    const twins = new Twins().grow(level);
    const isDue = (models: LateModels | SeriesModels): boolean => models.isDue(twins.now + 1e9);
    const dues = Array.from({ length: 24 }, () => {
      twins.take(51.9);
      return isDue(twins.late);
    });
    expect(isDue(twins.prompt)).toBe(true);
    expect(dues.filter((it) => it)).toHaveLength(4);
    expect(twins.late.isDue(twins.now)).toBe(false);
    twins.take(90);
    expect([isDue(twins.late), isDue(twins.prompt)]).toEqual([true, true]);
    const young = new Twins().grow(level, 60);
    for (let step = 0; step < 12; step += 1) {
      young.take(51.9);
      expect(young.late.isDue(young.now + 1e9)).toBe(true);
    }
  });

  it("let no value wait that was not expected, and none while a change goes on", () => {
    const twins = new Twins().grow(level);
    expect(twins.take(90)).toBe(false);
    expect(twins.late.now.isSurprised).toBe(true);
    expect(twins.take(51.9)).toBe(false);
  });

  it("let no value wait after a pause", () => {
    const twins = new Twins().grow(level);
    const waits = Array.from({ length: 6 }, () => twins.take(51.9));
    // The sixth collection after one whose value waits is one whose value would wait.
    for (const wouldWait of waits) {
      if (wouldWait) break;
      twins.take(51.9);
    }
    twins.pausedMillis = 60 * STEP_MILLIS;
    expect(twins.take(51.9)).toBe(false);
  });

  it("let no value wait of a young series", () => {
    const twins = new Twins().grow(level, 60);
    expect(Array.from({ length: 12 }, () => twins.take(51.9))).not.toContain(true);
  });

  it("let no value wait while naive stands in for a model on probation", () => {
    const twins = new Twins().grow(level);
    const learnt = twins.late.saved();
    const trials = learnt.trials.map(({ seconds, trial }) => ({
      seconds,
      trial: { ...trial, state: "on-probation" as const },
    }));
    twins.late.restore({ ...learnt, trials });
    while (twins.late.now.hasSaved) twins.late.makeSaved();
    // Until it is the turn of the series, what was learnt holds.
    for (let step = 0; step < 6; step += 1) twins.take(51.9);
    expect(Array.from({ length: 12 }, () => twins.take(51.9))).not.toContain(true);
  });

  it("let no value wait after a collection that the series had no value in", () => {
    const twins = new Twins().grow(level);
    expect([twins.take(51.9), twins.take(51.9)]).toContain(true);
    twins.miss();
    expect(twins.take(51.9)).toBe(false);
    expect(twins.late.saved()).toMatchObject(twins.prompt.saved());
  });

  it("let no value wait once they are removed, and give their place back", () => {
    const twins = new Twins().grow(level);
    twins.late.remove();
    expect(Array.from({ length: 12 }, () => twins.take(51.9))).not.toContain(true);
    const { postponed } = twins.plan;
    expect([postponed.add(0), postponed.add(0)]).toEqual([1, 2]);
  });

  it("take the first value of a slot, although a second one of the same slot came meanwhile", () => {
    const twins = new Twins().grow(level);
    twins.takeOneThatWaits();
    twins.take(53, 1000 - STEP_MILLIS);
    expect(twins.late.saved()).toMatchObject(twins.prompt.saved());
  });

  it("take what waited before a pause that moves the slots", () => {
    // A forecast for an hour later is remembered with each twelfth value.
    for (let more = 0; more < 30; more += 1) {
      const twins = new Twins().grow(level);
      for (let step = 0; step < more; step += 1) twins.take(level(step));
      twins.takeOneThatWaits();
      twins.pausedMillis = 250 * STEP_MILLIS;
      twins.take(51.9);
      expect(twins.late.saved()).toMatchObject(twins.prompt.saved());
    }
  });

  it("dismiss a model with what was known then, whoever reads them", () => {
    const [read, unread] = [new Twins().grow(level), new Twins().grow(level)];
    for (let step = 0; step < 60; step += 1) for (const twins of [read, unread]) twins.take(level(step));
    const learnt = read.late.saved();
    const trials = learnt.trials.map(({ seconds, trial }) => ({
      seconds,
      trial: { ...trial, excess: { scored: 19, usual: 1, excess: 100 } },
    }));
    for (const { late } of [read, unread]) {
      late.restore({ ...learnt, trials });
      while (late.now.hasSaved) late.makeSaved();
    }
    for (let step = 0; step < 12; step += 1) {
      for (const twins of [read, unread]) twins.take(51.9 + noise(step) / 10);
      read.late.now.outlook({ at: read.now, value: 51.9 });
    }
    expect(unread.waited).toBeGreaterThan(2);
    expect(unread.late.saved().standIns).toBeDefined();
    expect(unread.late.saved()).toEqual(read.late.saved());
  });

  it("let no value wait until the models of the last process are made again", () => {
    const twins = new Twins().grow(level);
    const { late } = twins;
    while (late.saved().unsurprising === undefined) twins.take(51.9);
    late.restore(late.saved());
    expect(late.postpone(twins.turn + 1, 51.9)).toBe(false);
    while (late.present.hasSaved) late.makeSaved();
    expect(late.postpone(twins.turn + 1, 51.9)).toBe(true);
  });

  it("let no value wait if the model of the last process can't be made again", () => {
    const twins = new Twins().grow(level);
    const learnt = twins.late.saved();
    const models = learnt.chosen.models.map((model) => ({ ...model, stepSeconds: 7 }));
    const late = new LateModels(new TieredSeries({ resolutions: RESOLUTIONS }), twins.plan);
    late.restore({ ...learnt, chosen: { ...learnt.chosen, models } });
    while (late.present.hasSaved) late.makeSaved();
    const waits = Array.from({ length: 6 }, () => {
      twins.take(51.9);
      return late.postpone(late.turn + 1, 51.9);
    });
    expect(waits).not.toContain(true);
  });
});

describe("values that wait", () => {
  /** Begins collections at these times, in steps. Returns what waits of two series then. */
  const waitingAt = (times: readonly number[]): number[][] => {
    const postponed = new PostponedValues(STEP_MILLIS);
    const rows = [postponed.add(0), postponed.add(0)] as const;
    for (const row of rows) postponed.await(row, { lower: 0, upper: 1000 });
    for (const [turn, time] of times.entries()) {
      postponed.begin(turn, time * STEP_MILLIS);
      if (!postponed.take(rows[0], turn)) postponed.release(rows[0], turn - 1, () => {});
    }
    return rows.map((row) => {
      const waiting: number[] = [];
      postponed.release(row, times.length - 1, (_, value) => waiting.push(value));
      return waiting;
    });
  };

  it("are those of the same series, if the collection that would be its turn is between two", () => {
    expect(waitingAt([600, 601, 602, 603, 604, 605.49, 606.51, 607.51, 608.51, 609.51])).toEqual([
      [7, 8, 9],
      [],
    ]);
  });

  it("are those of the same series, if there are many collections in one interval", () => {
    const extra = Array.from({ length: 12 }, (_, index) => 601 + index / 100);
    expect(waitingAt([600, ...extra, 602, 603])).toEqual([[13, 14], []]);
  });
});

it("a row of values that wait takes no more than it has room for", () => {
  const postponed = new PostponedValues(STEP_MILLIS);
  const rows = [postponed.add(0), postponed.add(0)] as const;
  for (const row of rows) postponed.await(row, { lower: 0, upper: 100 });
  postponed.begin(1, STEP_MILLIS);
  const taken = Array.from({ length: 20 }, (_, value) => postponed.take(rows[0], value));
  expect(taken.filter((it) => it)).toHaveLength(6);
  expect(postponed.has(rows[1])).toBe(false);
});
