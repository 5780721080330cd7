import { describe, expect, it } from "vitest";
import type { MaintenanceEntry } from "../../src/alerts/entries.ts";
import { Findings } from "../../src/config/alerting/findings.ts";
import { resolveMaintenance } from "../../src/config/alerting/resolve-maintenance.ts";

function resolved(entry: MaintenanceEntry) {
  const findings = new Findings();
  return { range: resolveMaintenance(entry, findings)?.range, findings: findings.all };
}

const date = "2026-05-01T10:00:00Z";
const later = "2026-05-01T11:00:00+01:00";
const expected =
  "must be a date with time and zone such as 2026-05-01T10:00:00Z, or both from and to must be HH:MM";

describe("maintenance", () => {
  it("is a range of two dates", () => {
    expect(resolved({ from: date, to: "2026-05-01T12:30:00+02:00" })).toEqual({
      range: { kind: "once", from: Date.UTC(2026, 4, 1, 10), to: Date.UTC(2026, 4, 1, 10, 30) },
      findings: [],
    });
  });

  it("is a range of two times of each day, or of some days, also over midnight", () => {
    expect(resolved({ from: "23:05", to: "00:00" })).toEqual({
      range: { kind: "recurring", days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 1385, toMinute: 0 },
      findings: [],
    });
    expect(resolved({ from: "09:59", to: "19:00", days: ["sunday", "saturday"] }).range).toEqual({
      kind: "recurring",
      days: [0, 6],
      fromMinute: 599,
      toMinute: 1140,
    });
  });

  it.each([
    ["from", "10:00", date],
    ["to", date, "10:00"],
    ["from", "24:00", "10:00"],
    ["to", date, "2026-13-01T10:00:00Z"],
    ["to", date, "2027-02-29T10:00:00Z"],
    ["from", "2026-02-30T22:00:00+02:00", date],
    ["from", "2026-05-01T10:00:00", date],
    ["from", "2026-05-01", date],
    ["from", "soon", "10:60"],
  ] as const)("is none, because of %s, if it is from %s to %s", (key, from, to) => {
    expect(resolved({ from, to })).toEqual({
      range: undefined,
      findings: [{ path: [key], message: expected }],
    });
  });

  it("ends later than it begins", () => {
    const message = "must be later than from";
    for (const to of [date, later])
      expect(resolved({ from: date, to })).toEqual({
        range: undefined,
        findings: [{ path: ["to"], message }],
      });
  });

  it("has days only with times of the day", () => {
    expect(resolved({ from: date, to: "2026-05-02T10:00:00Z", days: ["sunday"] })).toEqual({
      range: undefined,
      findings: [{ path: ["days"], message: "can be given only if from and to are HH:MM" }],
    });
  });
});
