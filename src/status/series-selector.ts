import type { SeriesKey } from "../core/series-key.ts";
import { shortTextOf } from "../core/text-of.ts";
import { WrongSelector } from "../prometheus/metrics-route.ts";
import type { LabelMatcher } from "../wire/remote/read-request.ts";
import { BadSelector, conditionOf } from "./label-condition.ts";

/** The label that stands for the name of the metric. */
const NAME = "__name__";
/** The longest selector, in characters. */
const MAX_LENGTH = 20_000;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
/** A name of a metric, a comparison of a label with a text in any quotes, or a sign. */
const TOKEN =
  /\s*(?:([a-zA-Z_:][\w:.]*)|(=~|!~|!=|=)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|([{},]))/y;

/**
 * Reads a selector of series as PromQL has it, such as `queue_size{job="api",pod=~"a.*"}`.
 *
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#instant-vector-selectors
 *
 * @returns a test of a series.
 * @throws BadSelector that says what is wrong.
 */
export function compileSelector(text: string): (key: SeriesKey) => boolean {
  const conditions = parseSelector(text).map(conditionOf);
  // The labels are read only if a condition needs them: to make them costs more than the test.
  return (key) =>
    conditions.every(({ label, holds }) => holds(label === NAME ? key.metric : valueIn(key.labels, label)));
}

/**
 * A test that holds for series that one of several selectors selects.
 *
 * @throws WrongSelector that says what is wrong.
 */
export function selectorsTest(texts: readonly string[]): (key: SeriesKey) => boolean {
  try {
    const tests = texts.map(compileSelector);
    return (key) => tests.some((selects) => selects(key));
  } catch (error) {
    if (error instanceof BadSelector) throw new WrongSelector(error.message, { cause: error });
    throw error;
  }
}

/** The matchers of a selector, that of the name first. A quoted text without a comparison is a name. */
export function parseSelector(text: string): LabelMatcher[] {
  const tokens = tokensOf(text);
  const matchers: LabelMatcher[] = [];
  const [first] = tokens;
  if (first?.kind === "name") {
    matchers.push({ comparison: "=", name: NAME, value: first.text });
    tokens.shift();
  }
  if (tokens.length > 0) matchers.push(...matchersIn(tokens, text));
  if (matchers.length === 0)
    throw new BadSelector(`the selector ${show(text)} selects nothing by a condition`);
  return matchers;
}

interface Token {
  readonly kind: "name" | "comparison" | "text" | "sign";
  readonly text: string;
}

function tokensOf(text: string): Token[] {
  if (text.length > MAX_LENGTH)
    throw new BadSelector(`the selector has ${text.length} characters, expected at most ${MAX_LENGTH}`);
  const tokens: Token[] = [];
  const given = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < given.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(given);
    if (match === null)
      throw new BadSelector(`the selector ${show(text)} can't be read from ${show(given.slice(at))} on`);
    const [, name, comparison, quoted, sign] = match;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (comparison !== undefined) tokens.push({ kind: "comparison", text: comparison });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: unquoted(quoted) });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  return tokens;
}

/** What is between braces: comparisons, with a comma after each but the last. */
function matchersIn(tokens: readonly Token[], text: string): LabelMatcher[] {
  const matchers: LabelMatcher[] = [];
  const fail = (): never => {
    throw new BadSelector(`the selector ${show(text)} must be like name{label="value",other=~"a|b"}`);
  };
  const isSign = (place: number, sign: string): boolean =>
    tokens[place]?.kind === "sign" && tokens[place].text === sign;
  const last = tokens.length - 1;
  if (!isSign(0, "{") || !isSign(last, "}")) fail();
  let place = 1;
  while (place < last) {
    const [name, comparison, value] = tokens.slice(place, place + 3);
    if (name?.kind === "text" && (place + 1 === last || isSign(place + 1, ","))) {
      matchers.unshift({ comparison: "=", name: NAME, value: name.text });
      place += 1;
    } else if (isName(name) && comparison?.kind === "comparison" && value?.kind === "text") {
      matchers.push({
        comparison: comparison.text as LabelMatcher["comparison"],
        name: name.text,
        value: value.text,
      });
      place += 3;
    } else fail();
    if (place < last && !isSign(place, ",")) fail();
    place += 1;
  }
  return matchers;
}

/** A label may be quoted: its name may have any characters. */
function isName(token: Token | undefined): token is Token {
  return token?.kind === "name" || token?.kind === "text";
}

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return quoted.startsWith("`") ? inner : inner.replaceAll(/\\(.)/g, (_, it: string) => ESCAPES[it] ?? it);
}

function valueIn(labels: SeriesKey["labels"], label: string): string {
  return Object.hasOwn(labels, label) ? (labels[label] ?? "") : "";
}

function show(text: string): string {
  return JSON.stringify(shortTextOf(text));
}
