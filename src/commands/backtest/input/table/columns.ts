import { BadInput } from "../../../bad-input.ts";
import { isIdName } from "../several-series.ts";
import { isLikelyEpoch } from "../times/epoch.ts";
import { isTime } from "../times/time-format.ts";
import { isTimeName } from "../times/time-names.ts";
import { cellsOf, type Table } from "./parse-table.ts";
import { isGap, isNumber } from "./read-numbers.ts";

/** What each column of a table is. */
export interface Columns {
  /** The column of times; two when the date and the time of day have a column each. */
  readonly times: readonly number[];
  /** The columns that distinguish series; none when each series has its own column. */
  readonly ids: readonly number[];
  readonly values: readonly number[];
  /** Columns that were not asked for and hold only text. */
  readonly texts: readonly number[];
}

const PERIOD_NAME = /^(day|week|month|quarter|year|period|hour|created_at|created)$/i;
const TIME_OF_DAY = /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/;
const DAY = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})$/;
/** The rows that the kind of a column is recognized by. */
const PROBED_ROWS = 100;

/**
 * Decides what each column is. The column of times has such a name; otherwise it is the first with
 * dates, otherwise the first with regular seconds of our days, otherwise the first. Values are in the columns that were asked for, otherwise in all
 * others that hold a number.
 *
 * @throws BadInput when a column does not exist.
 */
export function columnsOf(table: Table, wanted: readonly string[], wantedIds: readonly string[]): Columns {
  const all = table.names.map((_, index) => index);
  const ids = wantedIds.map((name) => named(table, name, all, "--id"));
  const times = timeColumns(table, ids);
  const others = all.filter((index) => !times.includes(index) && !ids.includes(index));
  if (wanted.length > 0) {
    const values = wanted.map((name) => named(table, name, others, "--column"));
    return { times, ids, values, texts: [] };
  }
  const texts = others.filter((index) => isText(table, index));
  // Without any number, the first cell is the error.
  if (texts.length === others.length) return { times, ids, values: others, texts: [] };
  return { times, ids, values: others.filter((index) => !texts.includes(index)), texts };
}

/** Says which column has the times where a reader may expect another one. */
export function notesOnTimeColumn(table: Table, { times: [column = 0] }: Columns): string[] {
  const name = table.names[column] as string;
  return column === 0 || isTimeName(name) ? [] : [`times were read from "${name}"`];
}

/**
 * The ways to distinguish several series in one table, each as the columns that it takes: single
 * columns with few different cells, each of which has a time once, those of text first; otherwise
 * all columns of text together.
 */
export function possibleIds(table: Table, columns: Columns, isChosen: boolean): number[][] {
  const { times, ids, values } = columns;
  // The only column of values, and those that were asked for, are no ids.
  const taken = [...times, ...ids, ...(isChosen || values.length === 1 ? values : [])];
  const others = table.names.map((_, index) => index).filter((index) => !taken.includes(index));
  const distinguishes = (more: readonly number[]): boolean => {
    const keys = table.rows.map(({ cells }) => [...times, ...ids, ...more].map((index) => cells[index]));
    return new Set(keys.map((key) => key.join("\n"))).size === table.rows.length;
  };
  const few = others.filter((index) => {
    const kinds = new Set(cellsOf(table, index)).size;
    return kinds > 1 && kinds <= table.rows.length / 2;
  });
  const texts = few.filter((index) => isText(table, index));
  const numbers = few.filter((index) => !texts.includes(index));
  const single = [...texts, ...numbers].filter((index) => distinguishes([index])).map((index) => [index]);
  if (single.length > 0 || texts.length === 0) return single;
  return distinguishes(texts) ? [texts] : [];
}

/** The columns that may distinguish series although nobody has named them: texts, and numbers named as ids. */
export function unnamedLabels(table: Table, columns: Columns, isChosen: boolean): number[] {
  const { times, ids, values } = columns;
  const taken = [...times, ...ids, ...(isChosen || values.length === 1 ? values : [])];
  return table.names
    .map((_, index) => index)
    .filter((index) => !taken.includes(index))
    .filter((index) => isIdName(table.names[index] as string) || isText(table, index));
}

function named(table: Table, name: string, among: readonly number[], option: string): number {
  const index = among.find((column) => table.names[column] === name);
  if (index !== undefined) return index;
  const others = among.map((column) => table.names[column]).join(", ");
  const what = option === "--id" ? "" : " of values";
  throw new BadInput(`${table.source}: there is no column "${name}"${what}: expected one of ${others}`);
}

function timeColumns(table: Table, ids: readonly number[]): number[] {
  const free = table.names.map((_, index) => index).filter((index) => !ids.includes(index));
  const first = firstTimeColumn(table, free);
  if (!probe(table, first).every((cell) => DAY.test(cell))) return [first];
  const clock = free.find((index) => isAll(probe(table, index), TIME_OF_DAY));
  return clock === undefined ? [first] : [first, clock];
}

function firstTimeColumn(table: Table, free: readonly number[]): number {
  const byName = (isName: (name: string) => boolean): number | undefined =>
    free.find((index) => isName(table.names[index] as string) && !isAll(probe(table, index), TIME_OF_DAY));
  const dated = free.find((index) => {
    const cells = probe(table, index);
    return (
      cells.length > 0 && cells.every((cell) => /[-/.T]\d/.test(cell) && !isNumber(cell) && isTime(cell))
    );
  });
  const named = byName(isTimeName) ?? dated ?? byName((name) => PERIOD_NAME.test(name));
  return named ?? free.find((index) => isLikelyEpoch(probe(table, index))) ?? (free[0] as number);
}

/** Whether a column has no number and some text. */
function isText(table: Table, index: number): boolean {
  const cells = cellsOf(table, index);
  return !cells.some(isNumber) && cells.some((cell) => !isGap(cell));
}

function probe(table: Table, index: number): string[] {
  return table.rows
    .slice(0, PROBED_ROWS)
    .map(({ cells }) => (cells[index] as string).trim())
    .filter((cell) => cell !== "");
}

function isAll(cells: readonly string[], pattern: RegExp): boolean {
  return cells.length > 0 && cells.every((cell) => pattern.test(cell));
}
