import { parse } from "csv-parse/sync";
import type { SampledSeries } from "./grid-series.ts";
import { BadInput } from "./grid-series.ts";
import { EXPECTED_TIME, parseTimestamp } from "./timestamp.ts";

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const TIME_NAME = /^_?(timestamp|time|date|datetime|date_time|ts|epoch|at)([_ (].*)?$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GAP = /^(|nan|null|none|na|n\/a|-)$/i;

/**
 * Reads a table with a column of times. Every other column is a series, or those that `columns`
 * names. An empty cell is a gap.
 *
 * - The first row is a header when it has a cell that is neither a number nor a time.
 * - The column of times is the one with such a name, otherwise the first with dates, otherwise the
 *   first.
 *
 * @throws BadInput with file, line and column.
 */
export function readCsv(source: string, text: string, columns: readonly string[] = []): SampledSeries[] {
  const rows = rowsOf(source, text);
  const first = rows[0];
  if (first === undefined)
    throw new BadInput(`${source}: expected a table with a column of times, got no rows`);
  const header = isHeader(first) ? first.cells.map((cell) => cell.trim()) : undefined;
  const body = header === undefined ? rows : rows.slice(1);
  const width = first.cells.length;
  const names = header ?? first.cells.map((_, index) => `column ${index + 1}`);
  if (width < 2) {
    throw new BadInput(
      `${source}:${first.line}: expected a column of times and one of values, got one column`,
    );
  }
  const timeColumn = timeColumnOf(header, body[0]);
  const wanted = wantedColumns(source, names, columns, timeColumn);
  const series = wanted.map((index) => ({
    index,
    id: names[index] as string,
    samples: [] as { at: number; value: number }[],
  }));

  const table = { source, names };
  for (const row of body) {
    const { line, cells } = row;
    if (cells.length !== width) {
      throw new BadInput(
        `${source}:${line}: expected ${width} columns as in line ${first.line}, got ${cells.length}`,
      );
    }
    const at = parseTimestamp(cells[timeColumn] as string);
    if (at === undefined) throw badCell(table, row, timeColumn, EXPECTED_TIME);
    for (const { index, samples } of series) {
      const value = parseValue(cells[index] as string);
      if (value === undefined) throw badCell(table, row, index, "a finite number, or nothing for a gap");
      samples.push({ at, value });
    }
  }
  return series.map(({ id, samples }) => ({ id, samples }));
}

function rowsOf(source: string, text: string): Row[] {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: [",", ";", "\t"],
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly { readonly info: { readonly lines: number }; readonly record: string[] }[];
    return records
      .map(({ info, record }) => ({ line: info.lines, cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  } catch (error) {
    throw new BadInput(`${source}: not CSV: ${(error as Error).message}`);
  }
}

function isHeader({ cells }: Row): boolean {
  return cells.some((cell) => parseValue(cell) === undefined && parseTimestamp(cell) === undefined);
}

function timeColumnOf(header: readonly string[] | undefined, row: Row | undefined): number {
  const named = header?.findIndex((name) => TIME_NAME.test(name)) ?? -1;
  if (named !== -1) return named;
  const dated =
    row?.cells.findIndex((cell) => cell.includes("-") && parseTimestamp(cell) !== undefined) ?? -1;
  return Math.max(0, dated);
}

function wantedColumns(
  source: string,
  names: readonly string[],
  columns: readonly string[],
  timeColumn: number,
): number[] {
  if (columns.length === 0) return names.map((_, index) => index).filter((index) => index !== timeColumn);
  return columns.map((name) => {
    const index = names.indexOf(name);
    if (index !== -1 && index !== timeColumn) return index;
    const others = names.filter((_, other) => other !== timeColumn);
    throw new BadInput(
      `${source}: there is no column "${name}" of values: expected one of ${others.join(", ")}`,
    );
  });
}

function parseValue(cell: string): number | undefined {
  const trimmed = cell.trim();
  if (GAP.test(trimmed)) return Number.NaN;
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function badCell(
  { source, names }: { readonly source: string; readonly names: readonly string[] },
  { line, cells }: Row,
  index: number,
  expected: string,
): BadInput {
  const cell = cells[index] as string;
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}...` : cell;
  return new BadInput(
    `${source}:${line}: column ${index + 1} ("${names[index]}") is "${shown}": expected ${expected}`,
  );
}
