import { describe, expect, it } from "vitest";
import { type ForecastState, forecastOf } from "../../src/engine/forecast-of.ts";
import type { SeriesPlan } from "../../src/engine/series-plan.ts";

const horizon = { label: "1m", seconds: 60 };
const key = { metric: "m_queue", labels: { agent: "planner", queue: "a" } };
const subject = {
  metricName: "m_queue",
  agentName: "planner",
  labels: key.labels,
  horizonSeconds: 60,
  at: 0,
};

function forecast(state: Partial<ForecastState>) {
  const plan = { key, unit: "1", threshold: undefined } as unknown as SeriesPlan;
  const nothing = { outlook: undefined, level: 0.95, knownPoints: 0, failure: undefined };
  return forecastOf(plan, horizon, { ...nothing, ...state });
}

describe("a horizon without a forecast", () => {
  it.for([
    [0, 12],
    [11, 1],
  ] as const)("is warming up with %d points, and %d are missing", ([knownPoints, missingPoints]) => {
    expect(forecast({ knownPoints })).toEqual({ ...subject, state: "warming-up", missingPoints });
  });

  it("waits for one more point between the last missing one and the first model", () => {
    for (const knownPoints of [12, 13, 100])
      expect(forecast({ knownPoints })).toEqual({ ...subject, state: "warming-up", missingPoints: 1 });
  });

  it("is warming up also after a fit that failed with too few points", () => {
    expect(forecast({ knownPoints: 11, failure: "odd" })).toMatchObject({ state: "warming-up" });
  });

  it("has failed after a fit that failed with enough points, with the reason", () => {
    for (const knownPoints of [12, 100])
      expect(forecast({ knownPoints, failure: "odd" })).toEqual({
        ...subject,
        state: "failed",
        reason: "odd",
      });
  });

  it("has no agent if its series has none", () => {
    const plan = { key: { ...key, labels: {} }, unit: "1" } as unknown as SeriesPlan;
    const state = { outlook: undefined, level: 0.95, knownPoints: 0, failure: undefined };
    expect(forecastOf(plan, horizon, state)).not.toHaveProperty("agentName");
  });
});
