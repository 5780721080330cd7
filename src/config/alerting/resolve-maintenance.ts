import type { MaintenanceEntry } from "../../alerts/entries.ts";
import type { MaintenanceRange } from "../../alerts/rule/maintenance-range.ts";
import type { ResolvedMaintenance } from "../../alerts/rules.ts";
import { seriesTest } from "../../alerts/series-test.ts";
import { DAYS } from "./entry-schemas.ts";
import type { Findings } from "./finding.ts";

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Checks a maintenance range; what is wrong is noted in `findings`. */
export function resolveMaintenance(
  entry: MaintenanceEntry,
  index: number,
  findings: Findings,
): ResolvedMaintenance | undefined {
  const range = rangeOf(entry, ["maintenance", index], findings);
  return range === undefined ? undefined : { ...seriesTest(entry.metrics, entry.agents), range };
}

function rangeOf(
  { from, to, days }: MaintenanceEntry,
  path: readonly (string | number)[],
  findings: Findings,
): MaintenanceRange | undefined {
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  if (fromMinute !== undefined && toMinute !== undefined) {
    const chosen = days ?? DAYS;
    return {
      kind: "recurring",
      days: chosen.map((day) => (DAYS as readonly string[]).indexOf(day)),
      fromMinute,
      toMinute,
    };
  }
  for (const [key, text] of Object.entries({ from, to })) {
    if (!INSTANT.test(text) || Number.isNaN(Date.parse(text))) {
      return findings.add(
        [...path, key],
        "must be a date with time and zone such as 2026-05-01T10:00:00Z, or both from and to HH:MM",
      );
    }
  }
  if (days !== undefined) return findings.add([...path, "days"], "go with from and to as HH:MM only");
  const range = { kind: "once", from: Date.parse(from), to: Date.parse(to) } as const;
  return range.to > range.from ? range : findings.add([...path, "to"], "must be later than from");
}

function minuteOf(text: string): number | undefined {
  const match = TIME.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
