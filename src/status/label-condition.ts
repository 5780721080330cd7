import { RE2JS } from "re2js";
import { messageOf } from "../core/text-of.ts";
import type { LabelMatcher } from "../wire/remote/read-request.ts";

/** The longest regular expression, in characters. Dashboards name hundreds of values in one. */
const MAX_PATTERN_LENGTH = 16_384;
/** How many answers of a regular expression are remembered: most series share their values. */
const MAX_REMEMBERED = 10_000;

/** What selects series can't be used. The message says why. */
export class BadSelector extends Error {
  override readonly name = "BadSelector";
}

/** A condition on the value of a label. A label that a series does not have is empty. */
export interface LabelCondition {
  readonly label: string;
  /** The value that the label must have; `undefined` if the condition is another one. */
  readonly only: string | undefined;
  holds(value: string): boolean;
}

/**
 * The condition of a matcher. Regular expressions are those of RE2, as in Prometheus. Their time is
 * linear in the length of the value: one of JavaScript could keep the process busy for ever.
 *
 * @throws BadSelector if a regular expression cannot be used.
 */
export function conditionOf({ comparison, name: label, value }: LabelMatcher): LabelCondition {
  switch (comparison) {
    case "=":
      return { label, only: value, holds: (given) => given === value };
    case "!=":
      return { label, only: undefined, holds: (given) => given !== value };
    case "=~":
      return { label, only: undefined, holds: remembered(wholeMatch(label, value)) };
    case "!~": {
      const matches = remembered(wholeMatch(label, value));
      return { label, only: undefined, holds: (given) => !matches(given) };
    }
  }
}

function wholeMatch(label: string, pattern: string): (value: string) => boolean {
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw new BadSelector(
      `the regular expression for ${label} has ${pattern.length} characters, expected at most ${MAX_PATTERN_LENGTH}`,
    );
  try {
    const expression = RE2JS.compile(pattern, RE2JS.DOTALL);
    return (value) => expression.testExact(value);
  } catch (error) {
    throw new BadSelector(`the regular expression for ${label} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function remembered(matches: (value: string) => boolean): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    let answer = known.get(value);
    if (answer === undefined) {
      answer = matches(value);
      if (known.size < MAX_REMEMBERED) known.set(value, answer);
    }
    return answer;
  };
}
