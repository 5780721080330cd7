import { afterEach, expect, it, vi } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import type { SeriesForecaster } from "../../src/engine/series-forecaster.ts";
import { type StatusParts, StatusReader } from "../../src/status/status-reader.ts";
import { eventLoop } from "../../src/system/event-loop.ts";

afterEach(() => vi.restoreAllMocks());

/** A forecaster with these alerts, each given as `state since agent`. */
function withAlerts(...given: string[]): StatusParts {
  const alerts = given.map((text) => {
    const [state = "", since, agent = ""] = text.split(" ");
    return { name: "busy", state, since: Number(since), labels: { agent }, agentName: agent };
  });
  return {
    engine: () => ({ forecasters: [], turn: 1 }),
    alerts: () => ({ alerts: () => alerts as unknown as Alert[] }),
    now: () => 0,
  };
}

const shown = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ state, since, labels, agentName }) => `${state} ${since} ${labels.agent} ${agentName}`);

it("alerts that fire come first, then those that are pending and those that are over, the oldest first", async () => {
  const reader = new StatusReader(
    withAlerts("resolved 1 a", "firing 7 a", "inactive 0 a", "pending 2 a"),
    () => [withAlerts("pending 1 b", "firing 3 b", "resolved 4 b", "firing 5 b")],
  );
  expect(shown(await reader.alerts())).toEqual([
    "firing 3 b b",
    "firing 5 b b",
    "firing 7 a a",
    "pending 1 b b",
    "pending 2 a a",
    "resolved 1 a a",
    "resolved 4 b b",
  ]);
});

it("alerts have the names that their agents are shown by, and those of others are left out", async () => {
  const reader = new StatusReader(withAlerts("firing 1 a", "firing 2 b", "firing 3 c"));
  const names = new Map([
    ["a", "b"],
    ["b", "a"],
  ]);
  expect(shown(await reader.alerts(names))).toEqual(["firing 1 b b", "firing 2 a a"]);
});

it("the event loop runs while many series are ranked, and while one is looked for", async () => {
  let millis = 0;
  const work = (): void => {
    millis += 1;
  };
  vi.spyOn(eventLoop, "elapsedMillis").mockImplementation(() => millis);
  const pause = vi.spyOn(eventLoop, "pause");
  const forecasterOf = (number: number): SeriesForecaster =>
    ({
      plan: {
        threshold: { value: 1, direction: "above" },
        get key() {
          work();
          return { metric: "queue", labels: { number: `${number}` } };
        },
      },
      turn: 1,
      get outlook() {
        work();
        return undefined;
      },
    }) as unknown as SeriesForecaster;
  const forecasters = Array.from({ length: 160 }, (_, number) => forecasterOf(number));
  const reader = new StatusReader({ ...withAlerts(), engine: () => ({ forecasters, turn: 1 }) });
  expect((await reader.forecasts({ limit: 0, sort: "urgency" })).selected).toBe(160);
  // To find them is one step of work for each, to rank them another.
  expect(pause.mock.calls.length).toBeGreaterThanOrEqual(160 / 16 + 160 / 4);
  pause.mockClear();
  expect(await reader.series("unknown")).toBeUndefined();
  expect(pause.mock.calls.length).toBeGreaterThanOrEqual(160 / 16);
});
