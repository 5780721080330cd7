import { type Unit, unitOf } from "./units.ts";

/** The mark before the decimals of a number. */
export type DecimalMark = "." | ",";

/** How the numbers of a table are written, or the problem with them. */
export type ChosenMark = { readonly mark: DecimalMark } | { readonly problem: string };

/** A cell of a table, taken apart. */
interface Written {
  readonly number: string;
  readonly unit: string;
}

const GAP = /^(|nan|null|none|nil|undefined|na|#?n\/a|-|no data)$/i;
const CELL =
  /^(?<before>[$€£¥])?\s*(?<number>[+-]?\s?\d[\d.,'’\s]*(?:e[+-]?\d+\s*)?|[+-]?[.,]\d+(?:e[+-]?\d+)?\s*)(?<unit>[%‰°\p{L}µμ/][^\d]*|[$€£¥])?$/iu;
const GROUPED = String.raw`[1-9]\d{0,2}(?:MARK\d{3})+`;
const NUMBERS: Readonly<Record<DecimalMark, RegExp>> = { ".": numberWith("."), ",": numberWith(",") };

/** A number with groups of three digits or without, and decimals after the mark. */
function numberWith(mark: DecimalMark): RegExp {
  const groups = [mark === "." ? "," : String.raw`\.`, "['’]", String.raw`\s`];
  const grouped = groups.map((group) => GROUPED.replace("MARK", group)).join("|");
  return new RegExp(
    String.raw`^[+-]?\s?(?:(?:${grouped}|\d+)(?:[${mark}]\d*)?|[${mark}]\d+)(?:e[+-]?\d+)?$`,
    "i",
  );
}

/** Whether a cell is empty, or a word for a missing value. */
export function isGap(cell: string): boolean {
  return GAP.test(cell.trim());
}

/** Whether a cell is a number in any notation, with or without a unit. */
export function isNumber(cell: string): boolean {
  const written = partsOf(cell);
  return written !== undefined && (NUMBERS["."].test(written.number) || NUMBERS[","].test(written.number));
}

/**
 * The decimal mark of a table, from the numbers of its columns. A number such as 1,234 can be 1.234
 * or 1234: other numbers of the table decide, such as 0,5 or 1,234.5. A point is a decimal mark,
 * unless a column looks as if it had groups: 1.234 beside 987.
 */
export function decimalMarkOf(columns: readonly (readonly string[])[]): ChosenMark {
  const ofColumns = columns.map((cells) =>
    cells.map((cell) => partsOf(cell)?.number).filter((number) => number !== undefined),
  );
  const numbers = ofColumns.flat();
  const only = (mark: DecimalMark, other: DecimalMark): number =>
    numbers.filter((number) => NUMBERS[mark].test(number) && !NUMBERS[other].test(number)).length;
  const [points, commas] = [only(".", ","), only(",", ".")];
  if (points + commas > 0) return { mark: commas > points ? "," : "." };
  const unclear = numbers.find((number) => number.includes(",") && isUnclear(number));
  const grouped = unclear ?? ofColumns.find(seemsGrouped)?.find(isUnclear);
  if (grouped === undefined) return { mark: "." };
  return {
    problem: `"${grouped}" can be ${toNumber(grouped, ".")} or ${toNumber(grouped, ",")}: name the decimal mark with --decimal . or --decimal ,`,
  };
}

/** Whether it is another number with the other decimal mark. */
function isUnclear(number: string): boolean {
  return /[.,]/.test(number) && NUMBERS["."].test(number) && NUMBERS[","].test(number);
}

/** Whether all numbers of four digits or more have a point before the last three. A 0 shows nothing. */
function seemsGrouped(numbers: readonly string[]): boolean {
  const telling = numbers.filter((number) => number !== "0");
  const plain = telling.filter((number) => !isUnclear(number));
  return plain.length > 0 && plain.length < telling.length && plain.every((it) => /^[+-]?\d{1,3}$/.test(it));
}

/** The numbers of a column. */
export interface NumberColumn {
  /** The cells as numbers; `NaN` for a gap, `undefined` for a cell that is no number of this column. */
  readonly values: readonly (number | undefined)[];
  /** What was expected of a cell, as text after "expected". */
  readonly expected: string;
  /** The unit of the values, when the cells have one. */
  readonly unit: string;
  /** Whether the cells have several units, which were converted. */
  readonly isConverted: boolean;
}

/** Reads the cells of a column. Several units of one kind are converted to their base. */
export function readNumbers(cells: readonly string[], mark: DecimalMark): NumberColumn {
  const parts = cells.map((cell) => (isGap(cell) ? undefined : partsOf(cell)));
  const units = new Map<string, { unit: Unit; count: number }>();
  for (const written of parts) {
    if (written === undefined) continue;
    const known = units.get(written.unit) ?? { unit: unitOf(written.unit), count: 0 };
    units.set(written.unit, { ...known, count: known.count + 1 });
  }
  const most = [...units.values()].toSorted((one, other) => other.count - one.count)[0];
  const base = most?.unit.base ?? "";
  const ofKind = [...units].filter(([, known]) => known.unit.base === base).map(([name]) => name);
  const isConverted = ofKind.length > 1;
  const unit = isConverted ? base : (ofKind[0] ?? "");
  const values = cells.map((cell, index) => {
    const written = parts[index];
    if (written === undefined) return isGap(cell) ? Number.NaN : undefined;
    if (!NUMBERS[mark].test(written.number)) return undefined;
    const own = unitOf(written.unit);
    const number = toNumber(written.number, mark);
    const isOfKind = own.base === base || (number === 0 && written.unit === "");
    const value = number * (isConverted ? own.factor : 1);
    return isOfKind && Number.isFinite(value) ? value : undefined;
  });
  return { values, expected: expectedNumber(unit, mark), unit, isConverted };
}

function expectedNumber(unit: string, mark: DecimalMark): string {
  const decimal = mark === "," ? " with a decimal comma" : "";
  const measured = unit === "" ? "" : ` in ${unit}, as in the other rows`;
  return `a finite number${decimal}${measured}, or nothing for a gap`;
}

function partsOf(cell: string): Written | undefined {
  const { before = "", number, unit = "" } = CELL.exec(cell.trim())?.groups ?? {};
  return number === undefined ? undefined : { number: number.trim(), unit: before + unit.trim() };
}

function toNumber(number: string, mark: DecimalMark): number {
  const plain = number.replace(mark === "." ? /[,'’\s]/g : /[.'’\s]/g, "");
  return Number(plain.replace(",", "."));
}
