import { describe, expect, it } from "vitest";
import {
  partsOfSaved,
  readSavedAlerting,
  type SavedAlert,
  seenAgain,
} from "../../src/alerts/saved-alerting.ts";
import { ALERT_CAUSES, type AlertStanding } from "../../src/alerts/state/alert-state.ts";
import { idOf, seriesOfAlert } from "../../src/alerts/tracked-alert.ts";
import { seriesId } from "../../src/core/series-key.ts";

const NOW = Date.UTC(2026, 0, 2);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOTHING = { alerts: [], actions: [], retries: [], notified: [] };

/** The standing of an alert whose series is seen again after some time; `undefined` if it does not go on. */
function seen(standing: AlertStanding, unseenMillis: number): AlertStanding | undefined {
  const alert: SavedAlert = ["full\u0000a", standing, NOW - unseenMillis];
  const read = readSavedAlerting({ ...NOTHING, alerts: [alert] }, NOW)?.alerts;
  const again = seenAgain(alert, NOW);
  expect(read).toEqual(again === undefined ? [] : [alert]);
  return again;
}

describe("an alert after a restart", () => {
  const since = NOW - 2 * HOUR;

  it("goes on if its series was seen in the last hour", () => {
    const firing: AlertStanding = { state: "firing", since, firedAt: since, cause: "level" };
    expect(seen(firing, HOUR)).toEqual(firing);
    expect(seen(firing, HOUR + 1)).toBeUndefined();
  });

  it.each(ALERT_CAUSES)("goes on whatever made it fire: %s", (cause) => {
    const firing: AlertStanding = { state: "firing", since, firedAt: since, cause };
    expect(seen(firing, MINUTE)).toEqual(firing);
  });

  it("that has ended keeps its cooldown for a day", () => {
    const resolved: AlertStanding = { state: "resolved", since, firedAt: since };
    expect(seen(resolved, 24 * HOUR)).toEqual(resolved);
    expect(seen(resolved, 24 * HOUR + 1)).toBeUndefined();
  });

  it("waits longer by the time in which nothing was seen", () => {
    expect(seen({ state: "pending", since }, 10 * MINUTE)?.since).toBe(since + 10 * MINUTE);
    const clearSince = NOW - 20 * MINUTE;
    expect(seen({ state: "firing", since, clearSince }, 10 * MINUTE)).toEqual({
      ...{ state: "firing", since, clearSince: clearSince + 10 * MINUTE },
    });
  });

  it("has waited as long as before if the clock was put back", () => {
    const pending: AlertStanding = { state: "pending", since: NOW + HOUR - MINUTE };
    expect(seen(pending, -HOUR)).toEqual({ state: "pending", since: NOW - MINUTE });
    const clearSince = NOW + HOUR - 2 * MINUTE;
    expect(seen({ state: "firing", since, clearSince }, -HOUR)).toMatchObject({
      clearSince: NOW - 2 * MINUTE,
    });
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
  // No date has such a time: it can't be shown.
  { ...NOTHING, alerts: [["full", { state: "firing", since: -1e300 }, NOW]] },
])("nothing is read of %j, which is damaged", (given) => {
  expect(readSavedAlerting(given, NOW)).toBeUndefined();
});

describe("what is saved in parts", () => {
  const standing: AlertStanding = { state: "firing", since: NOW };
  const alerts: SavedAlert[] = ["a1", "a2", "b1"].map((id) => [id, standing, NOW]);
  const notified: [string, number][] = [
    ["act\u0000b1", NOW],
    ["act\u0000c1", NOW],
  ];
  const spent = { actions: [NOW - 2], retries: [NOW - 1] };
  const saved = { alerts, notified, ...spent };

  it("is in the part of each alert, and what actions have spent in that of none", () => {
    const none = { actions: [], retries: [] };
    const partOf = (id: string): string | undefined => (id === "a2" ? undefined : id[0]);
    expect(partsOfSaved(saved, partOf)).toEqual(
      new Map<string | undefined, unknown>([
        [undefined, { alerts: [alerts[1]], notified: [], ...spent }],
        ["a", { alerts: [alerts[0]], notified: [], ...none }],
        ["b", { alerts: [alerts[2]], notified: [notified[0]], ...none }],
        ["c", { alerts: [], notified: [notified[1]], ...none }],
      ]),
    );
  });

  it("has the part of what actions have spent without any alert too", () => {
    expect(partsOfSaved({ ...NOTHING, ...spent }, () => "a")).toEqual(
      new Map([[undefined, { ...NOTHING, ...spent }]]),
    );
  });
});

it("the series of an alert is in its id", () => {
  const key = { metric: "queue", labels: { job: "shop" } };
  const id = idOf({ name: "Full" } as never, { plan: { key } } as never);
  expect(seriesOfAlert(id)).toBe(seriesId(key));
  expect(seriesOfAlert("no alert")).toBe("no alert");
});
