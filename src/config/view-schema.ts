import * as v from "valibot";
import { mappingOf } from "../core/mapping.ts";
import { PUBLISHED_PARTS } from "../views/forecast-view.ts";
import {
  bounds,
  by,
  duration,
  filter,
  horizons,
  method,
  number,
  oneOf,
  quantile,
  text,
  texts,
  threshold,
  timeZone,
} from "./schema.ts";

const NUMBERS_IN_FILE = ["level", "rate", "ratio", "quantile", "mean", "today"] as const;
const LEVEL_ONLY = "must be left out unless the number is level";

const above0 = v.pipe(
  number,
  v.check((it) => it > 0, "must be above 0"),
);

/** Keys that mean the same in a view in code and in a view of the configuration file. */
const viewKeys = {
  scope: v.optional(text),
  where: v.optional(filter),
  method: v.optional(method),
  timeZone: v.optional(timeZone),
  publish: v.optional(v.array(oneOf(PUBLISHED_PARTS))),
};

/**
 * Keys that mean the same in an output of a view in code and in a view of the configuration file,
 * which has one output only.
 */
const outputKeys = {
  unit: v.optional(v.string()),
  bounds: v.optional(bounds),
};

/** The keys of `viewKeys`, which a view of the file passes on unchanged. */
export const SHARED_VIEW_KEYS = keysOf(viewKeys);
/** The keys of `outputKeys`, which the output of a view of the file takes over unchanged. */
export const SHARED_OUTPUT_KEYS = keysOf(outputKeys);

const output = v.pipe(
  mappingOf({
    ...outputKeys,
    name: text,
    description: v.optional(v.string()),
    number: oneOf([...NUMBERS_IN_FILE, "total"]),
    quantile: v.optional(quantile),
    of: v.optional(v.array(filter)),
    threshold: v.optional(mappingOf({ value: number, direction: oneOf(["above", "below"]) })),
    isPublished: v.boolean(),
    isForecast: v.boolean(),
    isCounter: v.optional(v.boolean()),
    isDailyTotal: v.optional(v.boolean()),
  }),
  v.forward(
    v.partialCheck(
      [["number"], ["isDailyTotal"]],
      (it) => it.isDailyTotal !== true || it.number === "level" || it.number === "today",
      LEVEL_ONLY,
    ),
    ["isDailyTotal"],
  ),
);

/** A view in code: exactly what `ForecastView` allows. */
export const viewOption = mappingOf({
  ...viewKeys,
  instruments: texts,
  except: v.optional(v.array(text)),
  exceptScopes: v.optional(v.array(text)),
  kinds: v.optional(v.array(oneOf(["level", "increment", "histogram"]))),
  by,
  outputs: v.pipe(v.array(output), v.minLength(1, "must have at least one entry")),
  horizons: v.optional(v.array(mappingOf({ label: text, seconds: above0 }))),
  seasonSeconds: v.optional(above0),
});

const fileKeys = {
  ...viewKeys,
  ...outputKeys,
  instrument: v.union([text, texts], "must be the name of an instrument, a pattern, or a list of them"),
  number: oneOf(NUMBERS_IN_FILE),
  quantile: v.optional(quantile),
  of: v.optional(filter),
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[a-zA-Z][\w.{}/-]{0,254}$/, "must be an OpenTelemetry metric name")),
  ),
  by: v.optional(by),
  threshold: v.optional(threshold),
  horizons: v.optional(horizons),
  season: v.optional(duration),
  dailyTotal: v.optional(v.boolean()),
};

/** A view in the configuration file: one number of the instruments that it names. */
export const viewEntry = v.pipe(
  mappingOf(fileKeys),
  v.forward(
    v.partialCheck(
      [["number"], ["dailyTotal"]],
      (it) => it.dailyTotal !== true || it.number === "level",
      LEVEL_ONLY,
    ),
    ["dailyTotal"],
  ),
  v.forward(
    v.partialCheck(
      [["number"], ["quantile"]],
      (it) => it.quantile === undefined || it.number === "quantile",
      "must be left out unless the number is quantile",
    ),
    ["quantile"],
  ),
);

/** The keys of a view in the configuration file. */
export const VIEW_KEYS: readonly string[] = keysOf(fileKeys);

function keysOf<Keys extends object>(keys: Keys): readonly (keyof Keys)[] {
  return Object.keys(keys) as (keyof Keys)[];
}
