import * as v from "valibot";
import type { Document, LineCounter } from "yaml";
import type { AlertingEntries } from "../alerts/entries.ts";
import { mapping, mappingOf } from "../core/mapping.ts";
import { messageOf } from "../core/text-of.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { alertingSchemas } from "./alerting/entry-schemas.ts";
import type { Finding } from "./alerting/findings.ts";
import { explain } from "./explain.ts";
import { DEEPEST, nestedTooDeep } from "./nesting.ts";
import type { Price } from "./options.ts";
import { repeatedKey } from "./repeated-key.ts";
import {
  type Accepted,
  check,
  horizons,
  method,
  money,
  onOrOff,
  text,
  threshold,
  timeZone,
  toThreshold,
  translation,
} from "./schema.ts";
import { type Settings, settings } from "./settings.ts";
import { toForecastView } from "./view-entry.ts";
import { viewEntry } from "./view-schema.ts";
import { keyLines, yaml } from "./yaml.ts";

/** The checked content of a configuration file. */
export interface Configuration {
  readonly settings: Partial<Settings>;
  readonly views: readonly ForecastView[];
  readonly thresholds: ReadonlyMap<string, Threshold>;
  readonly alerting: AlertingEntries;
  readonly prices: readonly Price[];
  readonly timeZone?: string;
  /** One line for each finding, with file, line and key, in the order of the lines. */
  explain(findings: readonly Finding[]): string[];
}

/** Everything that is wrong with a configuration file, one line each. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    super(findings.join("; "));
    this.findings = findings;
  }
}

const price = mappingOf({
  model: text,
  input: money,
  output: money,
  cachedInput: v.optional(money),
  cacheWrite: v.optional(money),
});

/** The keys of a configuration file. */
export const fileEntries = {
  horizons: v.optional(horizons),
  method: v.optional(method),
  views: v.optional(v.array(viewEntry)),
  thresholds: v.optional(mapping(v.string(), threshold)),
  prices: v.optional(v.array(price)),
  timeZone: v.optional(timeZone),
  translation: v.optional(translation),
  page: v.optional(onOrOff),
  learned: v.optional(onOrOff),
  ...alertingSchemas,
};

const file = mappingOf(fileEntries);

/** Where the parser's message ends, and a picture of the place begins. */
const BROKEN_AT = / at line \d+, column \d+:|\n/;

/**
 * Reads a configuration file, YAML or JSON (which is YAML).
 *
 * @throws ConfigurationError that names the file, the line, the key and what was expected.
 */
export function readConfiguration(path: string, content: string): Configuration {
  const { accepted, linesFor } = readChecked(path, content, file);
  return configurationOf(accepted, linesFor);
}

/**
 * Reads a file, YAML or JSON, that is a mapping, and checks it by a schema.
 *
 * @returns what the schema accepts, and a function that writes one line for each further mistake.
 * @throws ConfigurationError that names the file, the line, the key and what was expected.
 */
export function readChecked<Schema extends FileSchema>(
  path: string,
  content: string,
  schema: Schema,
): {
  readonly accepted: Accepted<Schema>;
  readonly linesFor: (mistakes: readonly Mistake[]) => string[];
} {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, logLevel: "error", uniqueKeys: false });
  rejectTooDeep(document, path, lines);
  rejectBrokenYaml(document, path);
  rejectRepeatedKey(document, path, lines);
  const linesFor = lineWriter(path, keyLines(document, lines));
  const checked = check(schema, contentOf(document, path, Object.keys(schema.entries)));
  if ("accepted" in checked) return { accepted: checked.accepted, linesFor };
  throw new ConfigurationError(
    linesFor(checked.issues.map((issue) => ({ keys: keysOf(issue), what: explain(issue, schema) }))),
  );
}

type FileSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/** A mistake: its key in the file, and a text about it. */
export interface Mistake {
  readonly keys: readonly PropertyKey[];
  readonly what: string;
}

/** @throws ConfigurationError with the first place where the file is nested deeper than any file of ours. */
function rejectTooDeep(document: Document.Parsed, path: string, lines: LineCounter): void {
  const offset = nestedTooDeep(document);
  if (offset === undefined) return;
  const what = `lists and mappings are nested too deep; expected at most ${DEEPEST} levels`;
  throw new ConfigurationError([`${path}:${lines.linePos(offset).line}: ${what}`]);
}

/** @throws ConfigurationError with the first place where the file is not YAML. */
function rejectBrokenYaml({ errors: [broken] }: Document.Parsed, path: string): void {
  if (broken === undefined) return;
  const [what] = broken.message.split(BROKEN_AT);
  const text = broken.code === "MULTIPLE_DOCS" ? "a second document begins here; expected one" : what;
  throw new ConfigurationError([`${path}:${broken.linePos?.[0].line ?? 1}: ${text}`]);
}

/** @throws ConfigurationError with the first place where a mapping has a key again. */
function rejectRepeatedKey(document: Document.Parsed, path: string, lines: LineCounter): void {
  const offset = repeatedKey(document);
  if (offset === undefined) return;
  throw new ConfigurationError([`${path}:${lines.linePos(offset).line}: Map keys must be unique`]);
}

/** The most lines about one file. One mistake in how a file is written may come back in thousands of entries. */
const MOST_LINES = 100;

/**
 * Writes one line for each mistake, with file and line number, in the order of the lines. Of very many it
 * writes the first ones and how many more there are.
 */
function lineWriter(
  path: string,
  lineOf: (keys: readonly PropertyKey[]) => number,
): (mistakes: readonly Mistake[]) => string[] {
  return (mistakes) => {
    const lines = mistakes
      .map(({ keys, what }) => ({ line: lineOf(keys), what }))
      .sort((one, other) => one.line - other.line)
      .slice(0, MOST_LINES)
      .map(({ line, what }) => `${path}:${line}: ${what}`);
    const more = mistakes.length - lines.length;
    return more > 0 ? [...lines, `${path}: and ${more} more`] : lines;
  };
}

/** The configuration that a schema with `fileEntries` has accepted. */
export function configurationOf(
  accepted: Accepted<typeof file>,
  linesFor: (mistakes: readonly Mistake[]) => string[],
): Configuration {
  const { views = [], thresholds = {}, prices = [], ...others } = accepted;
  const {
    horizons: ahead,
    method: name,
    timeZone: zone,
    translation: names,
    page: shown,
    learned: usesLearned,
    ...alerting
  } = others;
  const named = names === undefined ? undefined : settings.translation.fromOption(names);
  const hasPage = flagOf(shown);
  const hasLearned = flagOf(usesLearned);
  return {
    settings: {
      ...(ahead === undefined ? {} : { horizons: settings.horizons.fromOption(ahead) ?? [] }),
      ...(name === undefined ? {} : { method: name }),
      ...(named === undefined ? {} : { translation: named }),
      ...(hasPage === undefined ? {} : { page: hasPage }),
      ...(hasLearned === undefined ? {} : { learned: hasLearned }),
    },
    views: views.map(toForecastView),
    thresholds: new Map(Object.entries(thresholds).map(([metric, it]) => [metric, toThreshold(it)])),
    prices,
    ...(zone === undefined ? {} : { timeZone: zone }),
    alerting,
    explain: (findings) =>
      linesFor(
        findings.map(({ path: keys, message }) => ({ keys, what: `"${keys.join(".")}": ${message}` })),
      ),
  };
}

/** `on` and `off` as they are written in YAML, where they may be booleans. */
function flagOf(given: boolean | string | undefined): boolean | undefined {
  return given === undefined ? undefined : settings.page.fromText(String(given));
}

/** The plain data. The parser refuses aliases that expand to too much of it. */
function contentOf(document: Document.Parsed, path: string, keys: readonly string[]): unknown {
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (error) {
    throw new ConfigurationError([`${path}:1: ${messageOf(error)}`]);
  }
  if (typeof content === "object" && !Array.isArray(content)) return content;
  throw new ConfigurationError([`${path}:1: must be a mapping with any of ${keys.join(", ")}`]);
}

function keysOf(issue: v.BaseIssue<unknown>): PropertyKey[] {
  return (issue.path ?? []).map((item) => item.key as PropertyKey);
}
