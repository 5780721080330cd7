import { describe, expect, it } from "vitest";
import { readSavedAlerting } from "../../src/alerts/saved-alerting.ts";
import { ALERT_CAUSES, type AlertStanding } from "../../src/alerts/state/alert-state.ts";

const NOW = Date.UTC(2026, 0, 2);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOTHING = { alerts: [], actions: [], retries: [], notified: [] };

/** What is read of one alert that was seen some time ago; `undefined` if it does not go on. */
function read(standing: AlertStanding, unseenMillis: number) {
  const alerts = [["full\u0000a", standing, NOW - unseenMillis]];
  return readSavedAlerting({ ...NOTHING, alerts }, NOW)?.alerts[0];
}

describe("an alert after a restart", () => {
  const since = NOW - 2 * HOUR;

  it("goes on if its series was seen in the last hour", () => {
    const firing: AlertStanding = { state: "firing", since, firedAt: since, cause: "level" };
    expect(read(firing, HOUR)).toEqual(["full\u0000a", firing, NOW - HOUR]);
    expect(read(firing, HOUR + 1)).toBeUndefined();
  });

  it.each(ALERT_CAUSES)("goes on whatever made it fire: %s", (cause) => {
    const firing: AlertStanding = { state: "firing", since, firedAt: since, cause };
    expect(read(firing, MINUTE)?.[1]).toEqual(firing);
  });

  it("that has ended keeps its cooldown for a day", () => {
    const resolved: AlertStanding = { state: "resolved", since, firedAt: since };
    expect(read(resolved, 24 * HOUR)?.[1]).toEqual(resolved);
    expect(read(resolved, 24 * HOUR + 1)).toBeUndefined();
  });

  it("waits longer by the time in which nothing was seen", () => {
    expect(read({ state: "pending", since }, 10 * MINUTE)?.[1].since).toBe(since + 10 * MINUTE);
    const clearSince = NOW - 20 * MINUTE;
    expect(read({ state: "firing", since, clearSince }, 10 * MINUTE)?.[1]).toEqual({
      ...{ state: "firing", since, clearSince: clearSince + 10 * MINUTE },
    });
  });

  it("begins now if the clock was put back", () => {
    const pending: AlertStanding = { state: "pending", since: NOW + HOUR };
    expect(read(pending, -MINUTE)).toEqual(["full\u0000a", { state: "pending", since: NOW }, NOW]);
  });
});

describe("actions after a restart", () => {
  const firing = { state: "firing", since: NOW };
  const alerts = [
    ["full\u0000a", firing, NOW],
    ["full\u0000old", firing, NOW - 2 * HOUR],
  ];

  it("are known for the alerts that go on, at a time that is not in the future", () => {
    const notified = [
      ["act\u0000full\u0000a", NOW - 5],
      ["act\u0000full\u0000old", NOW - 5],
      ["page\u0000full\u0000a", NOW + 5],
    ];
    expect(readSavedAlerting({ ...NOTHING, alerts, notified }, NOW)?.actions.notified).toEqual([
      ["act\u0000full\u0000a", NOW - 5],
      ["page\u0000full\u0000a", NOW],
    ]);
  });

  it("have spent what they had spent", () => {
    const spent = { actions: [NOW - 3, NOW - 2], retries: [NOW - 1] };
    expect(readSavedAlerting({ ...NOTHING, ...spent }, NOW)?.actions).toEqual({ ...spent, notified: [] });
  });
});

it.each([
  undefined,
  {},
  { ...NOTHING, actions: ["now"] },
  { ...NOTHING, retries: [Number.NaN] },
  { ...NOTHING, notified: [["key"]] },
  { ...NOTHING, alerts: [["full", { state: "unknown", since: NOW }, NOW]] },
  { ...NOTHING, alerts: [["full", { state: "firing", since: NOW }, Number.POSITIVE_INFINITY]] },
])("nothing is read of %j, which is damaged", (given) => {
  expect(readSavedAlerting(given, NOW)).toBeUndefined();
});
