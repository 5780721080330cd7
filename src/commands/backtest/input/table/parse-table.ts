import { parse } from "csv-parse/sync";
import { shortTextOf } from "../../../../core/text-of.ts";
import { BadInput } from "../../../bad-input.ts";
import { isTime } from "../times/time-format.ts";
import { isGap, isNumber } from "./read-numbers.ts";

/** A row with the number of its line. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A table as it was written. */
export interface Table {
  readonly source: string;
  /** Names of the columns: those of the header, or `column 1`, `column 2` and so on. */
  readonly names: readonly string[];
  readonly rows: readonly Row[];
}

/** In this order: a comma can also be a decimal mark or be in a name. */
const SEPARATORS: readonly string[] = ["\t", ";", ","];
const ABOUT_COMMAS = "a decimal comma needs quotes, or semicolons between columns";
/** The rows that a separator is recognized by. */
const PROBED_ROWS = 50;

/**
 * Reads a table. The separator is the one of a first line `sep=;`, or the first of tab, semicolon
 * and comma that all of the first rows have. The first row is a header when it has a cell that is
 * neither a number nor a time.
 *
 * @throws BadInput with file and line.
 */
export function parseTable(source: string, text: string): Table {
  const named = /^\uFEFF?"?sep=(\\t|[^"\r\n])"?\r?\n/i.exec(text);
  // The line stays, empty, so that the numbers of the lines are right.
  const rest = named === null ? text : text.slice(named[0].length - 1);
  const separator = named?.[1]?.replace("\\t", "\t") ?? separatorOf(rest);
  const all = rowsOf(source, rest, separator);
  const [first] = all;
  if (first === undefined) {
    throw new BadInput(`${source}: expected a table with a column of times, got no rows`);
  }
  if (first.cells.length < 2) {
    throw new BadInput(
      `${source}:${first.line}: expected a column of times and one of values, got one column`,
    );
  }
  const hasHeader = isHeader(first);
  const names = first.cells.map((cell, index) => (hasHeader && cell.trim()) || `column ${index + 1}`);
  const rows = hasHeader ? all.slice(1) : all;
  const odd = rows.find(({ cells }) => cells.length !== names.length);
  if (odd !== undefined) {
    const comma = separator === "," && odd.cells.length > names.length ? `; ${ABOUT_COMMAS}` : "";
    throw new BadInput(
      `${source}:${odd.line}: expected ${names.length} columns as in line ${first.line}, got ${odd.cells.length}${comma}`,
    );
  }
  if (!hasHeader && separator === ",") checkCommas(source, rows);
  if (rows.length === 0) throw new BadInput(`${source}: expected rows below the header, got none`);
  return { source, names, rows };
}

/**
 * Refuses a table without a header in which a number such as 50,07 became two cells.
 *
 * @throws BadInput when the second of two columns of whole numbers begins with zeros.
 */
function checkCommas(source: string, rows: readonly Row[]): void {
  const [first] = rows as readonly [Row];
  const column = first.cells.findIndex(
    (_, index) =>
      index > 1 &&
      rows.every(
        ({ cells }) => /^[+-]?\d+$/.test(cells[index - 1] as string) && /^\d+$/.test(cells[index] as string),
      ) &&
      rows.some(({ cells }) => /^0\d/.test(cells[index] as string)),
  );
  if (column === -1) return;
  const [whole, decimals] = first.cells.slice(column - 1, column + 1);
  throw new BadInput(
    `${source}: columns ${column} and ${column + 1} can be one number, ${whole},${decimals}: ${ABOUT_COMMAS}, or a header for two columns`,
  );
}

/** The cells of a column. */
export function cellsOf({ rows }: Table, column: number): string[] {
  return rows.map(({ cells }) => cells[column] as string);
}

/** The error of a cell: its line, its column, the cell and what was expected. */
export function badCell(
  { source, names }: Table,
  { line, cells }: Row,
  column: number,
  expected: string,
): BadInput {
  const cell = cells[column] as string;
  const shown = shortTextOf(cell);
  return new BadInput(
    `${source}:${line}: column ${column + 1} ("${names[column]}") is "${shown}": ${expected}`,
  );
}

function separatorOf(text: string): string {
  const divides = (separator: string): boolean => {
    try {
      const rows = recordsOf(text, separator, PROBED_ROWS);
      return rows.length > 0 && rows.every(({ cells }) => cells.length > 1);
    } catch {
      return false;
    }
  };
  return SEPARATORS.find(divides) ?? ",";
}

function rowsOf(source: string, text: string, separator: string): Row[] {
  try {
    return recordsOf(text, separator, -1);
  } catch (error) {
    throw new BadInput(`${source}: not CSV: ${(error as Error).message}`);
  }
}

/** The rows with any text. Quotes within a cell are part of it, as in `up{job="node"}`. */
function recordsOf(text: string, separator: string, most: number): Row[] {
  const records = parse(text, {
    bom: true,
    delimiter: separator,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    to: most,
  }) as unknown as readonly { readonly info: { readonly lines: number }; readonly record: string[] }[];
  return records
    .map(({ info, record }) => ({ line: info.lines, cells: record }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
}

function isHeader({ cells }: Row): boolean {
  return cells.some((cell) => !isGap(cell) && !isNumber(cell) && !isTime(cell));
}
