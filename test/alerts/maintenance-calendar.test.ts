import { describe, expect, it } from "vitest";
import { MaintenanceCalendar } from "../../src/alerts/maintenance-calendar.ts";
import { seriesTest } from "../../src/alerts/series-test.ts";

const cpuOfOne = { metric: "ai_cloud_cpu_usage_percent", labels: { agent: "worker-1" } };
const cpuOfSystem = { metric: "system_cpu_usage_percent", labels: {} };

describe("a maintenance by call", () => {
  it("covers all series for its duration, and windows that overlap it", () => {
    const calendar = new MaintenanceCalendar([]);
    expect(calendar.isEmpty).toBe(true);
    calendar.begin({ durationMillis: 100 }, () => 1000);
    expect(calendar.covers(cpuOfSystem, 1000, 1000)).toBe(true);
    expect(calendar.covers(cpuOfSystem, 1099, 1099)).toBe(true);
    expect(calendar.covers(cpuOfSystem, 1100, 1100)).toBe(false);
    expect(calendar.covers(cpuOfSystem, 1050, 1150)).toBe(true);
  });

  it("ends when its function is called, for good", () => {
    const calendar = new MaintenanceCalendar([]);
    let now = 1000;
    const end = calendar.begin({}, () => now);
    now = 2000;
    expect(calendar.covers(cpuOfSystem, now, now)).toBe(true);
    end();
    now = 3000;
    end();
    expect(calendar.covers(cpuOfSystem, 1999, now)).toBe(true);
    expect(calendar.covers(cpuOfSystem, 2000, now)).toBe(false);
    calendar.forgetBefore(1999);
    expect(calendar.isEmpty).toBe(false);
    calendar.forgetBefore(2000);
    expect(calendar.isEmpty).toBe(true);
  });

  it("covers the series that it names, by pattern", () => {
    const calendar = new MaintenanceCalendar([]);
    calendar.begin({ agentName: "worker-*", metricName: "*_cpu_*" }, () => 0);
    expect(calendar.covers(cpuOfOne, 0, 0)).toBe(true);
    expect(calendar.covers(cpuOfSystem, 0, 0)).toBe(false);
    expect(calendar.covers({ ...cpuOfOne, metric: "ai_cloud_memory_usage_percent" }, 0, 0)).toBe(false);
  });

  it.each([0, -1, Number.NaN])("refuses a duration of %d", (durationMillis) => {
    expect(() => new MaintenanceCalendar([]).begin({ durationMillis }, () => 0)).toThrow(
      "durationMillis must be a number above 0",
    );
  });
});

describe("a planned maintenance", () => {
  const range = { kind: "once", from: 1000, to: 1100 } as const;
  const calendar = new MaintenanceCalendar([{ range, ...seriesTest(["*_cpu_*"], ["worker-*"]) }]);

  it("covers the series that it names in its range, no other, and at no other time", () => {
    expect(calendar.isEmpty).toBe(false);
    expect([999, 1000, 1099, 1100].map((at) => calendar.covers(cpuOfOne, at, at))).toEqual([
      ...[false, true, true, false],
    ]);
    expect(calendar.covers(cpuOfSystem, 1000, 1000)).toBe(false);
  });

  it("stays where it is when the clock is set, unlike one by call", () => {
    const both = new MaintenanceCalendar([{ range, ...seriesTest(["*_cpu_*"], undefined) }]);
    both.begin({ durationMillis: 100 }, () => 3000);
    both.shift(5000);
    expect([1000, 3000, 6000, 8000].map((at) => both.covers(cpuOfSystem, at, at))).toEqual([
      ...[true, false, false, true],
    ]);
  });
});
