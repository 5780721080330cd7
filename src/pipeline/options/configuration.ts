import * as v from "valibot";
import { type Document, LineCounter, parseDocument } from "yaml";
import type { Threshold } from "../../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import {
  bounds,
  by,
  duration,
  explain,
  filter,
  horizons,
  method,
  numberNames,
  oneOf,
  quantile,
  text,
  texts,
  threshold,
  timeZone,
  toThreshold,
} from "./schema.ts";
import { type Settings, settings } from "./settings.ts";
import { toForecastView, type ViewEntry } from "./view-entry.ts";

/** What a configuration file says, checked. */
export interface Configuration {
  readonly settings: Partial<Settings>;
  readonly views: readonly ForecastView[];
  readonly thresholds: ReadonlyMap<string, Threshold>;
}

const viewEntry = v.strictObject({
  instrument: v.union([text, texts], "must be the name of an instrument, a pattern, or a list of them"),
  scope: v.optional(text),
  where: v.optional(filter),
  number: oneOf(numberNames),
  quantile: v.optional(quantile),
  of: v.optional(filter),
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[a-zA-Z][\w.{}/-]{0,254}$/, "must be an OpenTelemetry metric name")),
  ),
  unit: v.optional(v.string()),
  by: v.optional(by),
  bounds: v.optional(bounds),
  threshold: v.optional(threshold),
  horizons: v.optional(horizons),
  method: v.optional(method),
  season: v.optional(duration),
  timeZone: v.optional(timeZone),
});

/** Keys that a view may have in a configuration file. */
export const VIEW_KEYS: readonly string[] = Object.keys(viewEntry.entries);

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
  if (broken !== undefined) {
    const [what] = broken.message.split("\n");
    throw new Error(`${path}:${broken.linePos?.[0].line ?? 1}: ${what}`);
  }
  const parsed = v.safeParse(file, contentOf(document, path));
  if (!parsed.success) {
    const told = parsed.issues
      .map((issue) => ({ line: lineOf(issue, document, lines), what: explain(issue) }))
      .sort((one, other) => one.line - other.line);
    throw new Error(told.map(({ line, what }) => `${path}:${line}: ${what}`).join("; "));
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
}

/** The plain data; aliases that would make too much of it are refused by the parser. */
function contentOf(document: Document.Parsed, path: string): unknown {
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (error) {
    throw new Error(`${path}:1: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof content === "object" && !Array.isArray(content)) return content;
  throw new Error(`${path}:1: must be a mapping with any of ${Object.keys(file.entries).join(", ")}`);
}

/** The line of what is wrong, or of the nearest thing around it that stands in the file. */
function lineOf(issue: v.BaseIssue<unknown>, document: Document.Parsed, lines: LineCounter): number {
  const keys = (issue.path ?? []).map((item) => item.key);
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
