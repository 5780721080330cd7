import { expect, it, vi } from "vitest";
import { NewSeries } from "../../../src/run/past/new-series.ts";
import type { ViewValue } from "../../../src/views/view-value.ts";

const NOW = 1_800_000_000_000;
const INTERVAL = 10_000;
const value = {
  output: { spec: { isForecast: true }, metric: "queue" },
  ...{ key: { metric: "queue", labels: {} }, id: "queue", value: 1 },
} as unknown as ViewValue;

/** A series that the engine has, whose newest sample is so old, and whether it asks for what it lacks. */
function asks({ ageMillis, fillsGaps }: { ageMillis: number; fillsGaps: boolean }): boolean {
  const newestAt = NOW - ageMillis;
  const interrupted = (_id: string, since: number) => (newestAt < since ? { newestAt } : undefined);
  const ask = vi.fn(() => true);
  const newSeries = new NewSeries({
    engine: { has: () => true, restored: { silent: () => undefined, interrupted, touch: () => {} } } as never,
    backfill: { hold: () => ask.mock.calls.length > 0, ask } as never,
    intervalMillis: INTERVAL,
    fillsGaps,
    questionOf: () => ({}) as never,
  });
  const taken = newSeries.take([value], NOW);
  expect(taken).toEqual(ask.mock.calls.length > 0 ? [] : [value]);
  return ask.mock.calls.length > 0;
}

it.each([
  { ageMillis: INTERVAL, fillsGaps: true, isAsked: false },
  { ageMillis: 1.5 * INTERVAL, fillsGaps: true, isAsked: false },
  { ageMillis: 1.5 * INTERVAL + 1, fillsGaps: true, isAsked: true },
  { ageMillis: 100 * INTERVAL, fillsGaps: true, isAsked: true },
  { ageMillis: 100 * INTERVAL, fillsGaps: false, isAsked: false },
])("a series that was silent for $ageMillis ms asks for its gap: $isAsked", ({ isAsked, ...given }) => {
  expect(asks(given)).toBe(isAsked);
});
