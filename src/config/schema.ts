import * as v from "valibot";
import { parseDuration } from "../core/horizon.ts";
import { mapping, mappingOf } from "../core/mapping.ts";
import type { Threshold } from "../core/threshold.ts";
import { isTimeZone } from "../series/local-clock.ts";
import { settings } from "./settings.ts";

/**
 * The parts that schemas of options and of the configuration file share. Messages name what is
 * expected.
 */
export const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
export const texts = v.pipe(v.array(text), v.minLength(1, "must have at least one entry"));
export const number = v.pipe(v.number(), v.finite("must be a finite number"));
export const money = v.pipe(number, v.minValue(0, "must not be negative"));
export const filter = mapping(v.string(), v.string());
export const by = v.union([v.literal("all"), v.array(text)], 'must be "all" or a list of attribute names');
export const quantile = v.pipe(
  number,
  v.minValue(0, "must be from 0 to 1"),
  v.maxValue(1, "must be from 0 to 1"),
);
export const bounds = v.pipe(
  mappingOf({ lower: v.optional(number), upper: v.optional(number) }),
  v.check(({ lower = -Infinity, upper = Infinity }) => lower <= upper, "lower must not be above upper"),
);
export const threshold = v.union(
  [mappingOf({ above: number }), mappingOf({ below: number })],
  "must be {above: NUMBER} or {below: NUMBER}",
);
export const horizons = v.pipe(
  v.array(v.string()),
  v.check((it) => settings.horizons.fromOption(it) !== undefined, `must be ${settings.horizons.expected}`),
);
export const method = v.pipe(
  v.string(),
  v.check((it) => settings.method.fromOption(it) !== undefined, `must be ${settings.method.expected}`),
);
export const translation = v.pipe(
  v.string(),
  v.check(
    (it) => settings.translation.fromOption(it) !== undefined,
    `must be ${settings.translation.expected}`,
  ),
);
export const onOrOff = v.pipe(
  v.union([v.boolean(), v.string()], `must be ${settings.page.expected}`),
  v.check((it) => settings.page.fromText(String(it)) !== undefined, `must be ${settings.page.expected}`),
);
export const duration = v.pipe(
  v.string(),
  v.check((it) => parseDuration(it) !== undefined, "must be a duration such as 1h, 1d or 1w"),
);
export const timeZone = v.pipe(
  v.string(),
  v.check(isTimeZone, "must be the name of a time zone such as Europe/Berlin or UTC"),
);

/** One of several names; the message lists them. */
export function oneOf<const Names extends readonly string[]>(names: Names) {
  return v.picklist(names, `must be one of ${names.join(", ")}`);
}

/** The read-only data that a schema accepts. */
export type Accepted<Schema extends v.GenericSchema> = Frozen<v.InferOutput<Schema>>;

type Frozen<Type> = Type extends (...args: never[]) => unknown
  ? Type
  : Type extends object
    ? { readonly [Key in keyof Type]: Frozen<Exclude<Type[Key], undefined>> }
    : Type;

/** The data if the schema accepts it, otherwise what is wrong with it. */
export function check<Schema extends v.GenericSchema>(
  schema: Schema,
  given: unknown,
): { readonly accepted: Accepted<Schema> } | { readonly issues: readonly v.BaseIssue<unknown>[] } {
  const parsed = v.safeParse(schema, given);
  // The cast adds `readonly`, and treats a key that is `undefined` as absent.
  return parsed.success ? { accepted: parsed.output as Accepted<Schema> } : { issues: parsed.issues };
}

/** The threshold of `{ above: 90 }` or `{ below: 0.95 }`, wherever it was written. */
export function toThreshold(given: { readonly above: number } | { readonly below: number }): Threshold {
  return "above" in given
    ? { value: given.above, direction: "above" }
    : { value: given.below, direction: "below" };
}
