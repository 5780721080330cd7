import { BadSelector, conditionOf, type LabelCondition } from "../../status/label-condition.ts";
import type { LabelMatcher, ReadQuery } from "../../wire/remote/read-request.ts";
import type { Label } from "../../wire/remote/time-series.ts";
import { RefusedRequest } from "../remote/refused-request.ts";
import {
  type ForecastPath,
  labelsWith,
  PATH_KINDS,
  type PathKind,
  type PathSource,
  pathLabels,
} from "./path-source.ts";

/** A line of a path that a query has selected. */
export interface SelectedPath {
  /** All labels with the name, sorted by name. */
  readonly labels: readonly Label[];
  readonly path: ForecastPath;
  readonly kind: PathKind;
}

const NAME = "__name__";
/** Labels that all paths have, or all bounds of them. */
const FORECAST = "forecast";
const OURS: ReadonlySet<string> = new Set([NAME, FORECAST, "level"]);

/**
 * The lines that a query selects, one for each step so that the caller can rest; `undefined` for a
 * step without one. A query that says nothing of `forecast` selects nothing: it is not meant for us.
 *
 * Prometheus adds its `external_labels` to a query, unless `filter_external_labels` is `false`. So a
 * value that is asked of a label that none of our series has is no condition.
 *
 * @throws RefusedRequest if a regular expression cannot be used.
 */
export function* selectedPaths(
  { matchers }: ReadQuery,
  source: PathSource,
): Generator<SelectedPath | undefined, undefined> {
  const conditions = conditionsOf(matchers);
  if (!conditions.some(({ label }) => label === FORECAST)) return;
  const lines = PATH_KINDS.map((kind) => ({ kind, labels: pathLabels(kind, source.level) })).filter(
    ({ labels }) =>
      conditions.every(
        ({ label, holds }) => (label !== FORECAST && label !== "level") || holds(valueIn(labels, label)),
      ),
  );
  if (lines.length === 0) return;
  const others = conditions.filter(({ label }) => label !== FORECAST && label !== "level");
  const unknown = yield* unknownLabels(others, source);
  const asked = others.filter(({ label, only }) => !unknown.has(label) || only === undefined);
  for (const path of source.paths()) {
    if (!asked.every(({ label, holds }) => holds(valueOfLabel(path, label)))) {
      yield undefined;
      continue;
    }
    for (const { kind, labels } of lines) yield { labels: labelsWith(path, labels), path, kind };
  }
}

function conditionsOf(matchers: readonly LabelMatcher[]): LabelCondition[] {
  try {
    return matchers.map(conditionOf);
  } catch (error) {
    if (!(error instanceof BadSelector)) throw error;
    throw new RefusedRequest({ status: 400, reason: "bad_query" }, error.message, { cause: error });
  }
}

/** The labels for which a value is asked, and which none of our series has. Rests after each path. */
function* unknownLabels(
  conditions: readonly LabelCondition[],
  source: PathSource,
): Generator<undefined, ReadonlySet<string>> {
  const asked = conditions.filter(({ label, only }) => only !== undefined && only !== "" && !OURS.has(label));
  const unknown = new Set(asked.map(({ label }) => label));
  if (unknown.size === 0) return unknown;
  for (const { labels } of source.paths()) {
    for (const [label] of labels) unknown.delete(label);
    if (unknown.size === 0) break;
    yield undefined;
  }
  return unknown;
}

function valueOfLabel({ metric, labels }: ForecastPath, label: string): string {
  return label === NAME ? metric : valueIn(labels, label);
}

function valueIn(labels: readonly Label[], label: string): string {
  return labels.find(([name]) => name === label)?.[1] ?? "";
}

/** The order of series in an answer: by their labels, one after the other. */
export function byLabels({ labels: one }: SelectedPath, { labels: other }: SelectedPath): number {
  for (const [index, [name, value]] of one.entries()) {
    const [otherName, otherValue] = other[index] ?? [];
    if (otherName === undefined || otherValue === undefined) return 1;
    if (name !== otherName) return name < otherName ? -1 : 1;
    if (value !== otherValue) return value < otherValue ? -1 : 1;
  }
  return one.length - other.length;
}
