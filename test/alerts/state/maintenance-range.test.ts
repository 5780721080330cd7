import { describe, expect, it } from "vitest";
import { type MaintenanceRange, touches } from "../../../src/alerts/state/maintenance-range.ts";

const at = (text: string): number => Date.parse(`${text}Z`);
const isIn = (range: MaintenanceRange, text: string): boolean => touches(range, at(text), at(text));

describe("a range that occurs once", () => {
  const range = { kind: "once", from: at("2026-03-01T10:00"), to: at("2026-03-01T11:00") } as const;

  it("includes its first moment and excludes its last", () => {
    expect(isIn(range, "2026-03-01T09:59:59.999")).toBe(false);
    expect(isIn(range, "2026-03-01T10:00")).toBe(true);
    expect(isIn(range, "2026-03-01T10:59:59.999")).toBe(true);
    expect(isIn(range, "2026-03-01T11:00")).toBe(false);
  });

  it("is touched by a span that begins in it", () => {
    expect(touches(range, at("2026-03-01T10:59"), at("2026-03-01T11:04"))).toBe(true);
    expect(touches(range, at("2026-03-01T11:00"), at("2026-03-01T11:05"))).toBe(false);
  });
});

describe("a repeated range", () => {
  it("occurs on its days: 1 March 2026 was a Sunday", () => {
    const sundays = { kind: "recurring", days: [0], fromMinute: 120, toMinute: 150 } as const;
    expect(isIn(sundays, "2026-03-01T02:00")).toBe(true);
    expect(isIn(sundays, "2026-03-01T02:30")).toBe(false);
    expect(isIn(sundays, "2026-03-02T02:15")).toBe(false);
    expect(isIn(sundays, "2026-03-08T02:15")).toBe(true);
    expect(isIn(sundays, "1969-12-28T02:15")).toBe(true);
  });

  it("can contain midnight", () => {
    const nights = { kind: "recurring", days: [6], fromMinute: 1410, toMinute: 30 } as const;
    expect(isIn(nights, "2026-02-28T23:30")).toBe(true);
    expect(isIn(nights, "2026-03-01T00:29")).toBe(true);
    expect(isIn(nights, "2026-03-01T00:30")).toBe(false);
    expect(isIn(nights, "2026-03-01T23:45")).toBe(false);
  });
});
