import { describe, expect, it } from "vitest";
import type { ForecastView } from "../../src/views/forecast-view.ts";
import { Harness, MINUTE, World } from "../run/harness.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUARTER = 15 * MINUTE;
const HIGH = 100;
const LOW = 10;

/** Changes of 2026 by the IANA data base, with the hours that local time is ahead of UTC. */
const changes = [
  { zone: "Europe/Berlin", at: "2026-03-29T01:00Z", before: 1, after: 2 },
  { zone: "Europe/Berlin", at: "2026-10-25T01:00Z", before: 2, after: 1 },
  { zone: "America/New_York", at: "2026-03-08T07:00Z", before: -5, after: -4 },
  { zone: "America/New_York", at: "2026-11-01T06:00Z", before: -4, after: -5 },
];

/** The work of an office that opens at nine for an hour, with a little noise that is always the same. */
function workload(at: number, { at: change, before, after }: (typeof changes)[number]): number {
  const hours = at < Date.parse(change) ? before : after;
  const ofDay = (((at + hours * HOUR) % DAY) + DAY) % DAY;
  const isOpen = ofDay >= 9 * HOUR && ofDay < 10 * HOUR;
  return (isOpen ? HIGH : LOW) + Math.sin(at / QUARTER);
}

function view(timeZone?: string): ForecastView {
  return {
    instruments: ["load"],
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

/** Forecasts of 8:30, 9:30 and 10:30 local time on the day of the change or some days after, made twelve hours before 9:30. */
async function forecastMorning(
  change: (typeof changes)[number],
  options: { timeZone?: string; daysAfter?: number },
): Promise<boolean[]> {
  const world = new World();
  const nine30 =
    Date.parse(change.at.replace(/T.*/, "T09:30Z")) - change.after * HOUR + (options.daysAfter ?? 0) * DAY;
  const now = nine30 - 12 * HOUR;
  const ticks = (7 * DAY) / QUARTER;
  world.millis = now - ticks * QUARTER;
  const harness = new Harness(
    {
      method: "auto",
      horizons: ["11h", "12h", "13h"],
      collectionIntervalMillis: QUARTER,
      forecastIntervalMillis: DAY,
      views: [view(options.timeZone)],
    },
    world,
  );
  const gauge = harness.application().getMeter("app").createGauge("load");
  await harness.ticks(ticks, () => gauge.record(workload(world.millis + QUARTER, change)));
  expect(world.millis).toBe(now);
  const isHigh: boolean[] = [];
  for (const horizon of ["11h", "12h", "13h"]) {
    const predicted = await harness.value("load_predicted", { horizon });
    isHigh.push((predicted as number) > (HIGH + LOW) / 2);
  }
  return isHigh;
}

describe.each(changes)("a pattern of the day in $zone, across the change at $at", (change) => {
  const isSpring = change.after > change.before;

  it("is forecast at the same local time when the view names the zone", async () => {
    expect(await forecastMorning(change, { timeZone: change.zone })).toEqual([false, true, false]);
  });

  it("is forecast an hour off when the view names none", async () => {
    expect(await forecastMorning(change, {})).toEqual([!isSpring, false, isSpring]);
  });

  it("is forecast at the same local time from what came before and after", async () => {
    expect(await forecastMorning(change, { timeZone: change.zone, daysAfter: 1 })).toEqual([
      false,
      true,
      false,
    ]);
    expect(await forecastMorning(change, { timeZone: change.zone, daysAfter: 3 })).toEqual([
      false,
      true,
      false,
    ]);
  });
});
