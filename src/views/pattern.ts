import type { MeasuredPoint } from "../core/measured-metric.ts";
import { emptyLabels, type Labels } from "../core/series-key.ts";

/**
 * Attribute patterns by attribute name. `*` stands for anything, `?` for one character, and a
 * leading `!` inverts the pattern. A missing attribute is empty: `""` matches its absence, `"?*"`
 * its presence.
 */
export type AttributeFilter = Readonly<Record<string, string>>;

/** Compiles a pattern with `*`, `?` and a leading `!` into a test of a whole string. */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern.startsWith("!")) {
    const matches = compilePattern(pattern.slice(1));
    return (text) => !matches(text);
  }
  if (pattern === "*") return () => true;
  if (!hasWildcards(pattern)) return (text) => text === pattern;
  return (text) => matchesWildcards(pattern, text);
}

function hasWildcards(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes("?");
}

/**
 * Matches a text against `*` and `?`. A regular expression with several `*` would take exponential
 * time on attribute values that a client can choose. Here it is enough to go back to the last `*`.
 * O(pattern x text).
 */
function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let position = 0; position < text.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      resumeAt = position;
    } else if (pattern[at] === "?" || pattern[at] === text[position]) {
      at++;
      position++;
    } else if (star !== -1) {
      at = star + 1;
      position = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Compiles patterns into a test that holds if one of them matches. */
export function compileAny(patterns: readonly string[]): (text: string) => boolean {
  const tests = patterns.map(compilePattern);
  return (text) => tests.some((test) => test(text));
}

/**
 * Whether some text matches both patterns, in which `*` stands for anything and `?` for one
 * character. O(product of lengths).
 */
export function patternsMeet(one: string, other: string): boolean {
  // Nearly all names have no wildcards, and a file may have thousands to compare with all metrics.
  if (!hasWildcards(other)) return hasWildcards(one) ? matchesWildcards(one, other) : one === other;
  if (!hasWildcards(one)) return matchesWildcards(other, one);
  // reached[j]: some text matches both the part of `one` that was read and the first j characters
  // of `other`.
  let reached = [true];
  for (const theirs of other) reached.push(theirs === "*" && reached.at(-1) === true);
  for (const ours of one) {
    const next = [ours === "*" && reached[0] === true];
    for (const [j, theirs] of [...other].entries()) {
      const isEither = ours === "*" || theirs === "*";
      const isSame = ours === theirs || ours === "?" || theirs === "?";
      next.push(isEither ? next[j] === true || reached[j + 1] === true : isSame && reached[j] === true);
    }
    reached = next;
  }
  return reached.at(-1) === true;
}

/** A character that is in no pattern. */
const OTHER = "\u0000";

/** Whether a pattern matches all texts that another one matches; `false` if that is not known. */
export function covers(pattern: string, other: string): boolean {
  if (pattern.startsWith("!") || other.startsWith("!")) return pattern === other;
  const matches = compilePattern(pattern);
  const example = other.replaceAll("?", OTHER);
  return ["", OTHER.repeat(3)].every((anything) => matches(example.replaceAll("*", anything)));
}

/** An attribute of a point: its label, else what is known of its source by that name. */
export function attributeOf(key: string, labels: Labels, source: Labels | undefined): string | undefined {
  if (Object.hasOwn(labels, key)) return labels[key];
  return source !== undefined && Object.hasOwn(source, key) ? source[key] : undefined;
}

/** Compiles a filter into a test of labels that holds if every pattern matches. */
export function compileFilter(
  filter: AttributeFilter | undefined,
): (labels: Labels, source?: Labels) => boolean {
  const tests = Object.entries(filter ?? {}).map(([key, pattern]) => ({
    key,
    matches: compilePattern(pattern),
  }));
  if (tests.length === 0) return () => true;
  return (labels, source) =>
    tests.every(({ key, matches }) => matches(attributeOf(key, labels, source) ?? ""));
}

/** A point as far as it decides to which series it belongs. */
export type LabelledPoint = Pick<MeasuredPoint<unknown>, "labels" | "source">;

/** The labels that distinguish the series of a point; those of `by` that it has. */
export function groupOf(by: readonly string[] | "all", { labels, source }: LabelledPoint): Labels {
  if (by === "all") return labels;
  const group = emptyLabels();
  for (const name of by) {
    const value = attributeOf(name, labels, source);
    if (value !== undefined) group[name] = value;
  }
  return group;
}
