import type { LocalClock } from "../../../../series/local-clock.ts";
import { BadInput } from "../../../bad-input.ts";
import { onGrids, type ReadSeries, type SampledSeries, type Untested } from "../grid-series.ts";
import { type Distinction, type Reading, timesOf, withoutRepeats } from "../repeats.ts";
import { notesOnLabels } from "../several-series.ts";
import { notesOnTimes } from "../times/notes-on-times.ts";
import { timeFormatOf } from "../times/time-format.ts";
import type { WrittenTime } from "../times/written-time.ts";
import { type Columns, columnsOf, notesOnTimeColumn, possibleIds, unnamedLabels } from "./columns.ts";
import { badCell, cellsOf, parseTable, type Row, type Table } from "./parse-table.ts";
import { type DecimalMark, decimalMarkOf, type NumberColumn, readNumbers } from "./read-numbers.ts";

/** How a table is read. */
export interface TableOptions {
  /** Columns of values; all when empty. */
  readonly columns: readonly string[];
  /** Columns that distinguish series. */
  readonly ids: readonly string[];
  /** The clock of times without a zone. Absent: UTC. */
  readonly clock: LocalClock | undefined;
  /** The decimal mark. Absent: as the numbers show. */
  readonly decimal: DecimalMark | undefined;
}

/** The most ids and columns that a message names. */
const MAX_NAMED = 4;

/**
 * Reads a table with a column of times. Every other column with numbers is a series, or those that
 * `columns` names. With `ids`, the rows of each id are series of their own. An empty cell is a gap.
 *
 * @throws BadInput with file, line and column.
 */
export function readTable(source: string, text: string, options: TableOptions): ReadSeries {
  const table = parseTable(source, text);
  const columns = columnsOf(table, options.columns, options.ids);
  const times = readTimes(table, columns);
  const mark = options.decimal ?? decimalMark(table, columns);
  const numbers = columns.values.map((index) => readColumn(table, columns, index, mark));
  const notes = [
    ...notesOnTimeColumn(table, columns),
    ...notesOnTimes(times.written, times.format, options.clock),
    ...notesOnUnits(table, columns, numbers),
  ];
  const ofId = Map.groupBy(table.rows.keys(), (row) => idOf(table, columns, row));
  const labels = unnamedLabels(table, columns, options.columns.length > 0);
  const distinction = (): Distinction => distinctionOf(table, columns, times.written, options);
  const sampled = Array.from(ofId, ([id, rows]): SampledSeries[] => {
    const at = timesOf(
      rows.map((row) => times.written[row] as WrittenTime),
      options.clock,
    );
    const readings = rows.map((row, index): Reading => {
      const { line, cells } = table.rows[row] as Row;
      const values = numbers.map((column) => column.values[row] as number);
      return { line, at: at[index] as number, values, written: cells.join("\n") };
    });
    const kept = withoutRepeats(readings, distinction, notes);
    const texts = labels.map((column) => ({
      name: table.names[column] as string,
      texts: rows.map((row) => (table.rows[row] as Row).cells[column]?.trim() ?? ""),
    }));
    notes.push(...notesOnLabels(source, texts, at, idOption));
    return columns.values.map((column, index) => ({
      id: nameOf(table, columns, id, column),
      samples: kept.map(({ at, values }) => ({ at, value: values[index] as number })),
    }));
  }).flat();
  const { series, untested } = onGrids(sampled);
  return { series, untested: [...untested, ...textsOf(table, columns)], notes: [...new Set(notes)] };
}

function readTimes(
  table: Table,
  { times: [column = 0, clock] }: Columns,
): { written: readonly WrittenTime[]; format: string } {
  const texts = table.rows.map(({ cells }) =>
    clock === undefined ? (cells[column] as string) : `${cells[column]?.trim()} ${cells[clock]?.trim()}`,
  );
  const chosen = timeFormatOf(texts);
  if ("problem" in chosen) throw badCell(table, table.rows[0] as Row, column, chosen.problem);
  const { format } = chosen;
  const written = texts.map((text, row) => {
    const time = format.read(text);
    if (time === undefined) throw badCell(table, table.rows[row] as Row, column, `expected ${format.name}`);
    return time;
  });
  return { written, format: format.name };
}

function decimalMark(table: Table, { values }: Columns): DecimalMark {
  const chosen = decimalMarkOf(values.map((column) => cellsOf(table, column)));
  if ("problem" in chosen) throw new BadInput(`${table.source}: ${chosen.problem}`);
  return chosen.mark;
}

function readColumn(table: Table, columns: Columns, index: number, mark: DecimalMark): NumberColumn {
  const column = readNumbers(cellsOf(table, index), mark);
  const wrong = column.values.indexOf(undefined);
  if (wrong === -1) return column;
  const expected = `expected ${column.expected}${hintOf(table, columns, index)}`;
  throw badCell(table, table.rows[wrong] as Row, index, expected);
}

/** What to do about a column of text. */
function hintOf(table: Table, columns: Columns, index: number): string {
  if (!possibleIds(table, columns, false).some((way) => way.includes(index))) return "";
  return `; if it names series, use ${idOption(table.names[index] as string)}`;
}

function notesOnUnits(table: Table, { values }: Columns, numbers: readonly NumberColumn[]): string[] {
  return numbers.flatMap(({ unit, isConverted }, index) => {
    const name = table.names[values[index] as number];
    if (isConverted)
      return [`${name}: values with several units were read in ${unit === "" ? "ones" : unit}`];
    return unit === "" ? [] : [`${name}: values were read in ${unit}`];
  });
}

function distinctionOf(
  table: Table,
  columns: Columns,
  times: readonly WrittenTime[],
  options: TableOptions,
): Distinction {
  const ways = possibleIds(table, columns, options.columns.length > 0);
  const zone =
    options.clock === undefined && times.some(({ isLocal }) => isLocal)
      ? "; if a clock was put back, name its zone with --time-zone"
      : "";
  const named = ways
    .slice(0, MAX_NAMED)
    .map((way) => way.map((index) => idOption(table.names[index] as string)).join(" "));
  const ids = named.length === 0 ? "--id COLUMN" : named.join(" or ");
  return {
    source: table.source,
    isPossible: ways.length > 0,
    hint: `if the table holds several series, name the column that distinguishes them with ${ids}${zone}`,
  };
}

function idOf(table: Table, { ids }: Columns, row: number): string {
  return ids.map((index) => (table.rows[row] as Row).cells[index]?.trim()).join(", ");
}

function nameOf(table: Table, { ids, values }: Columns, id: string, column: number): string {
  const name = table.names[column] as string;
  if (ids.length === 0) return name;
  return values.length === 1 ? id : `${id}: ${name}`;
}

function textsOf(table: Table, { texts }: Columns): Untested[] {
  return texts.map((index) => {
    const [cell = ""] = cellsOf(table, index).filter((text) => text.trim() !== "");
    return {
      id: table.names[index] as string,
      reason: `holds text, such as "${cell.slice(0, 40)}", and no number`,
    };
  });
}

/** The option that names a column of ids, as it is written in a shell. */
function idOption(name: string): string {
  return `--id ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}`;
}
