import { describe, expect, it } from "vitest";
import { runOrigin } from "../../../src/commands/backtest/run-origin.ts";
import { planOf } from "../../../src/commands/backtest/test-plan.ts";
import { DailyTotalKind } from "../../../src/engine/daily-total-kind.ts";
import { LevelKind, type SeriesKind } from "../../../src/engine/series-kind.ts";
import { TierModel } from "../../../src/engine/tier-model.ts";
import { type LocalClock, localClock } from "../../../src/series/local-clock.ts";
import { TieredSeries } from "../../../src/series/tiered-series.ts";

const HOUR_MILLIS = 3_600_000;
const DAY_STEPS = 24;
const WINDOW = 14 * DAY_STEPS;
const HORIZON = 30;

/** The end of two weeks of history, half a day before the clocks of Berlin change. */
const END = Date.parse("2026-10-24T13:00Z");

const kinds: readonly [string, (clock: LocalClock | undefined) => SeriesKind, (at: number) => number][] = [
  [
    "a level",
    () => new LevelKind({ lower: 0, upper: 100 }),
    (at) => 50 + 40 * Math.sin((2 * Math.PI * at) / (DAY_STEPS * HOUR_MILLIS)) + 5 * Math.sin(at / 7e6),
  ],
  [
    "a total of the day",
    (clock) => new DailyTotalKind({}, clock),
    (at) => {
      const local = at + (localClock("Europe/Berlin").offsetMillis(at) ?? 0);
      const hour = Math.floor(local / HOUR_MILLIS) % DAY_STEPS;
      return hour * 3 + Math.sin(hour);
    },
  ],
];

describe.each(kinds)("%s", (_, kindOf, valueAt) => {
  it.each([
    ["UTC", undefined],
    ["the clock of a time zone", localClock("Europe/Berlin")],
  ])("is forecast by the backtest as by the engine, by %s", (_zone, clock) => {
    const kind = kindOf(clock);
    const past = Array.from({ length: WINDOW }, (_, step) => END - (WINDOW - 1 - step) * HOUR_MILLIS);

    const series = new TieredSeries({ resolutions: [{ stepSeconds: 3600, capacity: WINDOW }] });
    for (const at of past) series.append({ at, value: valueAt(at) });
    const { lastAt, season } = series.history(0, { includeOpen: true });
    expect(lastAt).toBe(END);
    const request = { tier: 0, spanSeconds: HORIZON * 3600, now: END };
    const forecastIntervalMillis = HOUR_MILLIS;
    const options = { method: "auto", kind, clock, seasonSeconds: undefined, forecastIntervalMillis };
    const fitted = TierModel.fit(series, request, options);
    if (!(fitted instanceof TierModel)) throw new Error(fitted.reason);
    const latest = { at: END, value: valueAt(END) };
    const byEngine = Array.from({ length: HORIZON }, (_, step) =>
      kind.predictAt(fitted.model, latest, END + (step + 1) * HOUR_MILLIS),
    );

    const future = Array.from({ length: HORIZON }, (_, step) => END + (step + 1) * HOUR_MILLIS);
    const planned = planOf(
      {
        id: "a",
        values: Float64Array.from([...past, ...future], valueAt),
        stepSeconds: 3600,
        endMillis: END + HORIZON * HOUR_MILLIS,
        ...(season === undefined ? {} : { season }),
      },
      {
        horizons: [{ steps: HORIZON }],
        origins: 1,
        window: WINDOW,
        methods: ["auto"],
        bounds: {},
        ...(clock === undefined ? {} : { clock }),
      },
    );
    if ("reason" in planned) throw new Error(planned.reason);
    const result = runOrigin(planned.plan, "auto", WINDOW, { kind, now: () => 0 });
    if (result.state !== "scored") throw new Error(result.state);

    expect(result.chosen).toBe(fitted.model.method);
    for (const key of ["mean", "lower80", "upper80", "lower95", "upper95"] as const)
      expect(Array.from(result.path[key]), key).toEqual(byEngine.map((step) => step[key]));
  });
});
