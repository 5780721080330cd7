import * as v from "valibot";
import { LineCounter, parseDocument } from "yaml";
import type { Threshold } from "../../core/threshold.ts";
import { isTimeZone } from "../../series/local-clock.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { type Settings, settings } from "./settings.ts";
import { toForecastView, type ViewEntry } from "./view-entry.ts";

/** What a configuration file says, checked. */
export interface Configuration {
  readonly settings: Partial<Settings>;
  readonly views: readonly ForecastView[];
  readonly thresholds: ReadonlyMap<string, Threshold>;
}

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const number = v.pipe(v.number(), v.finite());
const filter = v.record(v.string(), v.string());
const bounds = v.strictObject({ lower: v.optional(number), upper: v.optional(number) });
const threshold = v.union(
  [v.strictObject({ above: number }), v.strictObject({ below: number })],
  "must be {above: NUMBER} or {below: NUMBER}",
);
const horizons = v.pipe(
  v.array(v.string()),
  v.check((it) => settings.horizons.fromOption(it) !== undefined, `must be ${settings.horizons.expected}`),
);
const method = v.pipe(
  v.string(),
  v.check((it) => settings.method.fromOption(it) !== undefined, `must be ${settings.method.expected}`),
);
const numbers = ["level", "rate", "ratio", "quantile", "mean"] as const;
const timeZone = v.pipe(
  v.string(),
  v.check(isTimeZone, "must be the name of a time zone such as Europe/Berlin or UTC"),
);

const viewEntry = v.strictObject({
  instrument: v.union([text, v.pipe(v.array(text), v.minLength(1))]),
  scope: v.optional(text),
  where: v.optional(filter),
  number: v.picklist(numbers, `must be one of ${numbers.join(", ")}`),
  quantile: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  of: v.optional(filter),
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[a-zA-Z][\w.{}/-]{0,254}$/, "must be an OpenTelemetry metric name")),
  ),
  unit: v.optional(v.string()),
  by: v.optional(v.union([v.literal("all"), v.array(text)])),
  bounds: v.optional(bounds),
  threshold: v.optional(threshold),
  horizons: v.optional(horizons),
  method: v.optional(method),
  season: v.optional(
    v.pipe(v.string(), v.regex(/^\d+(s|m|h|d|w)$/, "must be a duration such as 1h, 1d or 1w")),
  ),
  timeZone: v.optional(timeZone),
});

const file = v.strictObject({
  horizons: v.optional(horizons),
  method: v.optional(method),
  views: v.optional(v.array(viewEntry)),
  thresholds: v.optional(v.record(v.string(), threshold)),
});

/**
 * Reads a configuration file, YAML or JSON (which is YAML).
 *
 * @throws Error that names the file, the line, the key and what was expected.
 */
export function readConfiguration(path: string, content: string): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) throw new Error(`${path}: ${broken.message}`);
  const parsed = v.safeParse(file, document.toJS() ?? {});
  if (!parsed.success) {
    throw new Error(parsed.issues.map((issue) => `${path}:${lineOf(issue)}: ${explain(issue)}`).join("; "));
  }
  const { views, thresholds, ...rest } = parsed.output;
  return {
    settings: {
      ...(rest.horizons === undefined ? {} : { horizons: settings.horizons.fromOption(rest.horizons) ?? [] }),
      ...(rest.method === undefined ? {} : { method: rest.method }),
    },
    views: (views ?? []).map((entry) => toForecastView(entry as ViewEntry)),
    thresholds: new Map(Object.entries(thresholds ?? {}).map(([metric, it]) => [metric, toThreshold(it)])),
  };

  function lineOf(issue: v.BaseIssue<unknown>): number {
    const keys = (issue.path ?? []).map((item) => item.key);
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

/** @throws TypeError that says where the threshold stands and what was expected. */
export function checkThreshold(given: unknown, where: string): Threshold {
  const parsed = v.safeParse(threshold, given);
  if (parsed.success) return toThreshold(parsed.output);
  throw new TypeError(`otel-forecast: ${where} must be { above: NUMBER } or { below: NUMBER }`);
}

const outputNumbers = [...numbers, "total"] as const;
const viewOption = v.looseObject({
  instruments: v.pipe(v.array(text), v.minLength(1)),
  by: v.union([v.literal("all"), v.array(text)]),
  method: v.optional(method),
  timeZone: v.optional(timeZone),
  outputs: v.pipe(
    v.array(
      v.looseObject({
        name: text,
        number: v.picklist(outputNumbers, `must be one of ${outputNumbers.join(", ")}`),
        isPublished: v.boolean(),
        isForecast: v.boolean(),
      }),
    ),
    v.minLength(1),
  ),
});

/** @throws TypeError that names the key of the view that is wrong and what was expected. */
export function checkView(view: unknown, where: string): void {
  const parsed = v.safeParse(viewOption, view);
  if (!parsed.success)
    throw new TypeError(`otel-forecast: ${where}: ${parsed.issues.map(explain).join("; ")}`);
}

function explain(issue: v.BaseIssue<unknown>): string {
  const key = (issue.path ?? []).map((item) => String(item.key)).join(".");
  if (issue.expected === "never") return `unknown key "${key}"`;
  return `"${key}": ${issue.message}`;
}

function toThreshold(given: { above: number } | { below: number }): Threshold {
  return "above" in given
    ? { value: given.above, direction: "above" }
    : { value: given.below, direction: "below" };
}
