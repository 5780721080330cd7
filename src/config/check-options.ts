import * as v from "valibot";
import { optionError } from "../core/option-error.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { alertingSchemas } from "./alerting/entry-schemas.ts";
import { explain } from "./explain.ts";
import { entriesIn } from "./many-entries.ts";
import type { ForecastOptions } from "./options.ts";
import { check, threshold, timeZone, toThreshold } from "./schema.ts";
import { settings } from "./settings.ts";
import { show, shownKey } from "./shown.ts";
import { viewOption } from "./view-schema.ts";

/** Options that have no environment variable. */
const ENTRY_OPTIONS = [
  "views",
  "thresholds",
  "alerts",
  "actions",
  "actionsPerHour",
  "maintenance",
  "timeZone",
];

const alertingOptions = v.object(alertingSchemas);

/** An option with more is a mistake: to look at each entry could take for ever. */
const MOST_ENTRIES = 100_000;

/** @throws TypeError that names an option that does not exist, or has far too many entries. */
export function rejectUnknown(options: ForecastOptions): void {
  if (!isPlainObject(options)) throw optionError(`options must be an object, got ${show(options)}`);
  const known = [...Object.keys(settings), ...ENTRY_OPTIONS];
  for (const [name, given] of Object.entries(options)) {
    if (!known.includes(name))
      throw optionError(`unknown option "${shownKey(name)}"; expected one of ${known.join(", ")}`);
    if (entriesIn(given, MOST_ENTRIES) > MOST_ENTRIES)
      throw optionError(`option "${name}" must have at most ${MOST_ENTRIES} entries in its lists`);
  }
}

/** @throws TypeError that names the key of the view that is wrong and what was expected. */
export function optionViews({ views = [] }: ForecastOptions): readonly ForecastView[] {
  if (!Array.isArray(views)) wrongOption("views", "a list of views", views);
  for (const [index, view] of views.entries()) {
    const checked = check(viewOption, view);
    if ("issues" in checked)
      throw optionError(
        `option "views[${index}]": ${checked.issues.map((issue) => explain(issue, viewOption)).join("; ")}`,
      );
  }
  return views;
}

/** @throws TypeError that names the metric whose threshold is wrong. */
export function optionThresholds({ thresholds = {} }: ForecastOptions): Map<string, Threshold> {
  if (!isPlainObject(thresholds))
    wrongOption("thresholds", "an object of thresholds by metric name", thresholds);
  return new Map(
    Object.entries(thresholds).map(([metric, given]) => {
      const checked = check(threshold, given);
      if ("accepted" in checked) return [metric, toThreshold(checked.accepted)];
      return wrongOption(`thresholds.${shownKey(metric)}`, "{ above: NUMBER } or { below: NUMBER }", given);
    }),
  );
}

/** @throws TypeError that names the time zone that does not exist. */
export function optionTimeZone({ timeZone: given }: ForecastOptions): string | undefined {
  if (given === undefined) return undefined;
  const checked = check(timeZone, given);
  return "accepted" in checked
    ? checked.accepted
    : wrongOption("timeZone", "the name of a time zone such as Europe/Berlin or UTC", given);
}

/** @throws TypeError that names the keys of alerts, actions and maintenance that are wrong. */
export function checkAlertingEntries(options: ForecastOptions): void {
  const checked = check(alertingOptions, options);
  if ("issues" in checked)
    throw optionError(checked.issues.map((issue) => `option ${explain(issue, alertingOptions)}`).join("; "));
}

/** @throws TypeError that names the option, what was expected and what was given. */
export function wrongOption(name: string, expected: string, given: unknown): never {
  throw optionError(`option "${name}" must be ${expected}, got ${show(given)}`);
}

function isPlainObject(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
