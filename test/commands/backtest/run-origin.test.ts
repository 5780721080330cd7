import { describe, expect, it } from "vitest";
import { runOrigin } from "../../../src/commands/backtest/run-origin.ts";
import type { OriginResult } from "../../../src/commands/backtest/scores/method-scores.ts";
import { planOf } from "../../../src/commands/backtest/test-plan.ts";
import { levelKind } from "../../../src/engine/series-kind.ts";
import { localClock } from "../../../src/series/local-clock.ts";

const HOUR = 3_600_000;
const clock = localClock("Europe/Berlin");
const options = {
  horizons: [{ steps: 24 }],
  origins: 1,
  window: 168,
  methods: ["seasonal-naive"],
  bounds: {},
  season: { steps: 24 },
};

/** A series of the local hour in Berlin that ends a day after the change, and its last origin. */
function test(change: number, more: { clock?: typeof clock; endMillis?: number | undefined }): OriginResult {
  const endMillis = change + 12 * HOUR;
  const length = 14 * 24;
  const values = Float64Array.from({ length }, (_, index) => {
    const at = endMillis - (length - 1 - index) * HOUR;
    return ((at + clock.offsetMillis(at)) / HOUR) % 24;
  });
  const series = { id: "a", values, stepSeconds: 3600, ...("endMillis" in more ? {} : { endMillis }) };
  const planned = planOf(series, { ...options, ...(more.clock === undefined ? {} : { clock: more.clock }) });
  if ("reason" in planned) throw new Error(planned.reason);
  return runOrigin(planned.plan, "seasonal-naive", planned.plan.origins[0] as number, {
    kind: levelKind({}),
    now: () => 0,
  });
}

function maseOf(result: OriginResult): number | undefined {
  return result.state === "scored" ? result.scores[0]?.mase : undefined;
}

describe.each([
  ["spring", Date.parse("2026-03-29T01:00Z")],
  ["autumn", Date.parse("2026-10-25T01:00Z")],
])("an origin half a day before the change in %s", (_, change) => {
  it("is forecast by the local clock where one was named", () => {
    const result = test(change, { clock });
    expect(maseOf(result)).toBeCloseTo(0, 9);
    expect(result.state === "scored" && result.path.mean.length).toBe(24);
  });

  it("is forecast by UTC where none was named, or nothing tells the time", () => {
    expect(maseOf(test(change, {}))).toBeGreaterThan(0.1);
    expect(maseOf(test(change, { clock, endMillis: undefined }))).toBeGreaterThan(0.1);
  });
});
