import { optionError } from "../core/option-error.ts";
import { kindOf } from "../core/text-of.ts";

type Kind = "string" | "number";
type Keys = Readonly<Record<string, Kind>>;

/** The fields of each filter, and the type of each. */
export const FORECAST_KEYS = { agentName: "string", metricName: "string", horizonSeconds: "number" } as const;
export const ALERT_KEYS = {
  name: "string",
  agentName: "string",
  metricName: "string",
  state: "string",
} as const;
export const LEARNT_KEYS = { agentName: "string", metricName: "string" } as const;
export const MAINTENANCE_KEYS = {
  durationMillis: "number",
  agentName: "string",
  metricName: "string",
} as const;

/**
 * A copy of a filter that an application handed over. Each field is read once.
 *
 * @throws TypeError that names what is wrong. A filter that is wrong must not select everything.
 */
export function readFilter<Filter extends object>(given: Filter, keys: Keys): Filter {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw optionError(`expected an object with any of ${Object.keys(keys).join(", ")}, got ${kindOf(given)}`);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(keys, key));
  if (unknown !== undefined)
    throw optionError(`expected only ${Object.keys(keys).join(", ")} in a filter, got ${kindOf(unknown)}`);
  const read: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(keys)) {
    const value = (given as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (typeof value !== kind) throw optionError(`${key} must be a ${kind}, got ${kindOf(value)}`);
    read[key] = value;
  }
  return read as Filter;
}
