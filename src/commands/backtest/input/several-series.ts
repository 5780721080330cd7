import { BadInput } from "../../bad-input.ts";

/** A column or a field that may distinguish series, with its text in each row. */
export interface Labels {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Names of what a series usually belongs to. */
const OWNER_NAME =
  /(^|[ _.-])((host|server|node|instance|pod|device|sensor|machine|container|agent|service|job|region|cluster|tenant|customer|store|shop|product|item|symbol|ticker|station|site|location|meter|metric|series)(name|[ _.-]?id|[ _.-]name)?s?|sku|id|name)$/i;
/** Texts such as `web-1` and `web-2`. A letter or a word of the calendar is no name. */
const NUMBERED = /^(?!(week|day|month|year|quarter|shift|phase|version)\b)(.*[a-z]{3}.*?)[-_. ]?\d+$/i;
/** The share of the steps between times that are equal in a regular series. */
const REGULAR = 0.9;
/** Fewer times have no regular step. */
const LEAST_TIMES = 4;

/**
 * Looks for several series in rows that have different times each: hosts that are measured one
 * after the other. Returns notes on columns that may distinguish series.
 *
 * @param labels columns that nobody has named as values or ids, with a text for each time.
 * @throws BadInput when a column certainly distinguishes series.
 */
export function notesOnLabels(
  source: string,
  labels: readonly Labels[],
  times: readonly number[],
  option: (name: string) => string,
): string[] {
  return labels.flatMap(({ name, texts }) => {
    const kinds = [...new Set(texts)].filter((text) => text !== "");
    if (kinds.length < 2 || kinds.length > texts.length / 2) return [];
    if (OWNER_NAME.test(name) || areNumbered(kinds) || takeTurns(texts, times)) {
      const shown = `${kinds.length} different texts, such as ${kinds
        .slice(0, 2)
        .map((kind) => JSON.stringify(kind.slice(0, 40)))
        .join(" and ")}`;
      throw new BadInput(
        `${source}: "${name}" has ${shown}: name it with ${option(name)} if these are series; else leave it out of the input`,
      );
    }
    return [
      `rows with different texts in "${name}" were read as one series; if these are series, name it with ${option(name)}`,
    ];
  });
}

/** Whether numbers of this column are names, such as the numbers of sensors. */
export function isIdName(name: string): boolean {
  return /(^|[ _.-])id$|[a-z]Id$|ID$/.test(name);
}

function areNumbered(kinds: readonly string[]): boolean {
  const words = kinds.map((kind) => NUMBERED.exec(kind)?.[2]);
  return words[0] !== undefined && words.every((word) => word === words[0]);
}

/** Whether the times of each text have one step, which the times of all rows have not. */
function takeTurns(texts: readonly string[], times: readonly number[]): boolean {
  if (isRegular(times)) return false;
  const ofKind = Map.groupBy(texts.keys(), (row) => texts[row] as string);
  return [...ofKind.values()].every((rows) => isRegular(rows.map((row) => times[row] as number)));
}

function isRegular(times: readonly number[]): boolean {
  const ordered = times.toSorted((one, other) => one - other);
  const steps = ordered.slice(1).map((time, index) => time - (ordered[index] as number));
  if (ordered.length < LEAST_TIMES) return false;
  const median = steps.toSorted((one, other) => one - other)[steps.length >> 1] as number;
  return steps.filter((step) => Math.abs(step - median) <= median / 100).length >= REGULAR * steps.length;
}
