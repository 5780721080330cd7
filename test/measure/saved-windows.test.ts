import { describe, expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import { SavedWindows } from "../../src/measure/saved-windows.ts";
import { WindowClock } from "../../src/measure/window-clock.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";
import { ViewProcessor } from "../../src/views/view-processor.ts";

const INTERVAL = 10_000;
const START = Date.UTC(2026, 0, 1);
const VIEWS: readonly ForecastView[] = [
  {
    instruments: ["queue"],
    by: "all",
    outputs: [{ name: "mean", number: "mean", isPublished: true, isForecast: false }],
  },
];

/** A process with windows of three collections. Its clock begins at 0 when it starts. */
class Process {
  readonly #clock: WindowClock;
  readonly #views: ViewProcessor;
  readonly windows: SavedWindows;

  constructor(windowMillis = 3 * INTERVAL) {
    this.#clock = new WindowClock({ windowMillis, intervalMillis: INTERVAL, startedAt: 0 });
    const { slices } = this.#clock;
    this.#views = new ViewProcessor({ views: VIEWS, slices, maxSelections: 10 });
    this.windows = new SavedWindows(this.#clock, this.#views, INTERVAL);
  }

  /** Collects one level. */
  collect(elapsedMillis: number, value: number, now = START + elapsedMillis): void {
    for (let begun = this.#clock.moveTo(elapsedMillis); begun > 0; begun--) [...this.#views.advance()];
    this.windows.collected(now);
    const points = [{ labels: {}, value }];
    const metric = { scope: "s", name: "queue", unit: "", description: "", kind: "level", points };
    [...this.#views.take([metric as MeasuredMetric], elapsedMillis)];
  }

  get mean(): number | undefined {
    const values = this.#views.values(this.#clock);
    for (;;) {
      const { done, value } = values.next();
      if (done === true) return value[0]?.value;
    }
  }

  get coveredSeconds(): number {
    return this.#clock.coveredSeconds;
  }
}

/** What a process saves that has collected these, the last one at `START + 2 * INTERVAL`. */
function savedByTheLast(values = [1, 2, 6]): unknown[] {
  const last = new Process();
  for (const [index, value] of values.entries()) {
    const now = START + (3 - values.length + index) * INTERVAL;
    last.collect(index * INTERVAL, value, now);
  }
  return [...last.windows.saved()];
}

/** A process that starts an interval before its first collection, and what it then shows. */
function restarted(pauseMillis: number, saved: readonly unknown[] = savedByTheLast(), given = new Process()) {
  const lastAt = START + 2 * INTERVAL;
  for (const it of saved) given.windows.restore(it, lastAt + pauseMillis - INTERVAL, 0);
  given.collect(INTERVAL, 10, lastAt + pauseMillis);
  return { mean: given.mean, coveredSeconds: given.coveredSeconds };
}

const EMPTY = { mean: 10, coveredSeconds: 10 };

describe("windows over a restart", () => {
  it("go on as if the process had", () => {
    const whole = new Process();
    for (const [index, value] of [1, 2, 6, 10].entries()) whole.collect(index * INTERVAL, value);
    expect(restarted(INTERVAL)).toEqual({ mean: whole.mean, coveredSeconds: whole.coveredSeconds });
    expect(whole.mean).toBe(6);
  });

  it("go on after a single collection", () => {
    expect(restarted(INTERVAL, savedByTheLast([6])).mean).toBe(8);
  });

  it("lose the slices that the pause took", () => {
    expect(restarted(2 * INTERVAL).mean).toBe(8);
  });

  it("go on over a pause of three intervals, and start empty after a longer one", () => {
    const loadedAfter = (pauseMillis: number) => restarted(pauseMillis + INTERVAL).coveredSeconds;
    expect(loadedAfter(0)).toBe(30);
    expect(loadedAfter(3 * INTERVAL)).toBe(40);
    expect(loadedAfter(3 * INTERVAL + 1)).toBe(EMPTY.coveredSeconds);
  });

  it("start empty if the clock was put back", () => {
    expect(restarted(INTERVAL - 1)).toEqual(EMPTY);
  });

  it("start empty if they had another width", () => {
    expect(restarted(INTERVAL, savedByTheLast(), new Process(4 * INTERVAL))).toEqual(EMPTY);
  });

  it("start empty if the process has collected already", () => {
    const late = new Process();
    late.collect(0, 4);
    expect(restarted(INTERVAL, savedByTheLast(), late).mean).toBe(7);
  });

  it.each([
    { clock: { sinceStart: 0, begins: new Float64Array(), slice: 0 } },
    { clock: { sinceStart: 0, begins: [0], slice: 0 } },
    { clock: { sinceStart: 0, begins: new Float64Array(300_000), slice: 0 } },
    { begun: Number.NaN },
    { at: "now" },
  ])("start empty if their clock is damaged: %o", (damage) => {
    const [clock, ...windows] = savedByTheLast();
    expect(restarted(INTERVAL, [{ ...(clock as object), ...damage }, ...windows])).toEqual(EMPTY);
  });

  it("are not saved before the first collection", () => {
    expect([...new Process().windows.saved()]).toEqual([]);
  });
});
