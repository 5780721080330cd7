import { labelName } from "../prometheus/label-texts.ts";
import type { AttributeFilter } from "../views/pattern.ts";

/** A selector with its matchers: `m{agent="a",le!="1"}`. Without matchers it is the name alone. */
export function selector(metric: string, matchers: readonly string[]): string {
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(",")}}`;
}

/** A matcher of one label: `agent="a"`. */
export function equal(label: string, value: string): string {
  return `${label}=${JSON.stringify(value)}`;
}

/**
 * The matchers of a view's `where`. Patterns become regular expressions, which Prometheus anchors;
 * a leading `!` negates.
 */
export function matchersOf(filter: AttributeFilter | undefined): string[] {
  return Object.entries(filter ?? {}).map(([key, given]) => {
    const isNegated = given.startsWith("!");
    const pattern = isNegated ? given.slice(1) : given;
    const label = labelName(key);
    if (!/[*?]/.test(pattern)) return `${label}${isNegated ? "!=" : "="}${JSON.stringify(pattern)}`;
    const expression = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return `${label}${isNegated ? "!~" : "=~"}${JSON.stringify(expression)}`;
  });
}

/**
 * A duration in the syntax of Prometheus, in the largest units that are exact: `90000` is `1m30s`.
 */
export function promDuration(millis: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ] as const;
  let rest = Math.round(millis);
  let text = "";
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === "" ? "0s" : text;
}
