/**
 * How a client wants names that have characters outside of letters, digits, underscores and colons.
 *
 * https://prometheus.io/docs/instrumenting/escaping_schemes/
 */
export type Escaping = "underscores" | "allow-utf-8" | "dots" | "values";

const ESCAPINGS: readonly Escaping[] = ["underscores", "allow-utf-8", "dots", "values"];

/** The escaping of this name. A client that names none, or one that is not known, gets underscores. */
export function escapingOf(name: string | undefined): Escaping {
  return ESCAPINGS.find((escaping) => escaping === name) ?? "underscores";
}

/** What a name may have unescaped: a colon is for names of metrics only. */
export interface PlainNames {
  readonly whole: RegExp;
  readonly character: RegExp;
}

export const METRIC_NAMES: PlainNames = { whole: /^[a-zA-Z_:][a-zA-Z0-9_:]*$/, character: /[a-zA-Z0-9:]/ };
export const LABEL_NAMES: PlainNames = { whole: /^[a-zA-Z_][a-zA-Z0-9_]*$/, character: /[a-zA-Z0-9]/ };

/** A name with dots as `_dot_`, and underscores and all other characters as two underscores. */
export function escapedByDots(name: string, plain: PlainNames): string {
  return escapedBy(name, plain, (character) => (character === "." ? "_dot_" : "__"));
}

/** A name with characters as their code points. A name that needs none stays as it is. */
export function escapedByValues(name: string, plain: PlainNames): string {
  if (plain.whole.test(name)) return name;
  const code = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);
  return `U__${escapedBy(name, plain, (character) => (character === "_" ? "__" : `_${code(character)}_`))}`;
}

/** The first character may not be a digit. */
function escapedBy(name: string, plain: PlainNames, encode: (character: string) => string): string {
  return Array.from(name, (character, index) =>
    plain.character.test(character) && (index > 0 || !/\d/.test(character)) ? character : encode(character),
  ).join("");
}
