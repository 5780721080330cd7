import * as v from "valibot";
import { optionError } from "../core/option-error.ts";
import type { Threshold } from "../core/threshold.ts";
import {
  bounds,
  by,
  explain,
  filter,
  method,
  number,
  numberNames,
  oneOf,
  quantile,
  text,
  texts,
  threshold,
  timeZone,
  toThreshold,
} from "./schema.ts";

const above0 = v.pipe(
  number,
  v.check((it) => it > 0, "must be above 0"),
);
const output = v.strictObject({
  name: text,
  unit: v.optional(v.string()),
  description: v.optional(v.string()),
  number: oneOf([...numberNames, "total"]),
  quantile: v.optional(quantile),
  of: v.optional(v.array(filter)),
  bounds: v.optional(bounds),
  threshold: v.optional(v.strictObject({ value: number, direction: oneOf(["above", "below"]) })),
  isPublished: v.boolean(),
  isForecast: v.boolean(),
  isCounter: v.optional(v.boolean()),
  isDailyTotal: v.optional(v.boolean()),
});
const checkedOutput = v.pipe(
  output,
  v.forward(
    v.partialCheck(
      [["number"], ["isDailyTotal"]],
      ({ number, isDailyTotal }) => isDailyTotal !== true || number === "level",
      "must be left out unless the number is level",
    ),
    ["isDailyTotal"],
  ),
);
const view = v.strictObject({
  instruments: texts,
  except: v.optional(v.array(text)),
  scope: v.optional(text),
  exceptScopes: v.optional(v.array(text)),
  kinds: v.optional(v.array(oneOf(["level", "increment", "histogram"]))),
  where: v.optional(filter),
  by,
  outputs: v.pipe(v.array(checkedOutput), v.minLength(1, "must have at least one entry")),
  horizons: v.optional(v.array(v.strictObject({ label: text, seconds: above0 }))),
  method: v.optional(method),
  seasonSeconds: v.optional(above0),
  timeZone: v.optional(timeZone),
});

/** @throws TypeError that names the key of the view that is wrong and what was expected. */
export function checkView(given: unknown, where: string): void {
  const parsed = v.safeParse(view, given);
  if (!parsed.success) throw optionError(`${where}: ${parsed.issues.map(explain).join("; ")}`);
}

/** @throws TypeError that says where the threshold stands and what was expected. */
export function checkThreshold(given: unknown, where: string): Threshold {
  const parsed = v.safeParse(threshold, given);
  if (parsed.success) return toThreshold(parsed.output);
  throw optionError(`${where} must be { above: NUMBER } or { below: NUMBER }`);
}
