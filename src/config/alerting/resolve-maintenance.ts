import type { MaintenanceEntry } from "../../alerts/entries.ts";
import type { ResolvedMaintenance } from "../../alerts/resolved.ts";
import { seriesTest } from "../../alerts/series-test.ts";
import type { MaintenanceRange } from "../../alerts/state/maintenance-range.ts";
import { DAYS } from "./entry-schemas.ts";
import type { Findings } from "./findings.ts";

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Checks a maintenance entry. Reports mistakes to `findings`. */
export function resolveMaintenance(
  entry: MaintenanceEntry,
  findings: Findings,
): ResolvedMaintenance | undefined {
  const range = rangeOf(entry, findings);
  return range === undefined ? undefined : { ...seriesTest(entry.metrics, entry.agents), range };
}

function rangeOf({ from, to, days }: MaintenanceEntry, findings: Findings): MaintenanceRange | undefined {
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  if (fromMinute !== undefined && toMinute !== undefined) {
    const chosen = days ?? DAYS;
    return { kind: "recurring", days: chosen.map((day) => DAYS.indexOf(day)), fromMinute, toMinute };
  }
  for (const [key, text] of Object.entries({ from, to })) {
    if (!INSTANT.test(text) || !isDay(text.slice(0, 10)) || Number.isNaN(Date.parse(text)))
      return findings
        .at(key)
        .add(
          "must be a date with time and zone such as 2026-05-01T10:00:00Z, or both from and to must be HH:MM",
        );
  }
  if (days !== undefined) return findings.at("days").add("can be given only if from and to are HH:MM");
  const range = { kind: "once", from: Date.parse(from), to: Date.parse(to) } as const;
  return range.to > range.from ? range : findings.at("to").add("must be later than from");
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function minuteOf(text: string): number | undefined {
  const match = TIME.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
