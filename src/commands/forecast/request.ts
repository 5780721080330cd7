import { shortTextOf } from "../../core/text-of.ts";
import { tokensOutsideStrings } from "./json-tokens.ts";

/** A series of the forecast protocol, checked. */
export interface SeriesLine {
  readonly id: string | number;
  readonly stepSeconds: number;
  /** `NaN` for a gap. */
  readonly values: Float64Array;
  readonly season?: number;
}

/** A request of the forecast protocol, checked. */
export interface ForecastRequest extends SeriesLine {
  readonly horizon: number;
  /** Whether the series is a running total, which never falls. */
  readonly isTotal: boolean;
}

/** A request that cannot be answered, with its id if it has one. */
export class BadRequest extends Error {
  readonly id: string | number | null;

  constructor(id: string | number | null, message: string) {
    super(message);
    this.id = id;
  }
}

const MAX_HORIZON_STEPS = 100_000;
const MAX_VALUES = 1_000_000;

/**
 * Reads a request.
 *
 * @throws BadRequest with the field, what was found and what was expected.
 */
export function parseRequest(line: string): ForecastRequest {
  const fields = parseObject(line);
  const series = seriesOf(fields);
  const { horizon } = fields;
  if (
    typeof horizon !== "number" ||
    !Number.isInteger(horizon) ||
    horizon < 1 ||
    horizon > MAX_HORIZON_STEPS
  ) {
    throw new BadRequest(
      series.id,
      `horizon is ${shown(horizon)}: expected a whole number of steps from 1 to ${MAX_HORIZON_STEPS}`,
    );
  }
  const isTotal = fields.total ?? false;
  if (typeof isTotal !== "boolean") {
    throw new BadRequest(series.id, `total is ${shown(isTotal)}: expected true or false`);
  }
  if (isTotal) checkTotal(series);
  return { ...series, horizon, isTotal };
}

function checkTotal({ id, values }: SeriesLine): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, value] of values.entries()) {
    if (value < last) {
      throw new BadRequest(
        id,
        `values[${index}] is ${shown(value)} after ${shown(last)}: expected a total, which never falls`,
      );
    }
    if (!Number.isNaN(value)) last = value;
  }
}

/**
 * Reads the fields of a request that define the series.
 *
 * @throws BadRequest with the field, what was found and what was expected.
 */
export function seriesOf(fields: Readonly<Record<string, unknown>>): SeriesLine {
  const id = idOf(fields.id);
  const bad = (message: string): BadRequest => new BadRequest(id, message);
  if (id === null) throw bad(`id is ${shown(fields.id)}: expected a string or a number`);

  const stepSeconds = fields.step_seconds;
  if (typeof stepSeconds !== "number" || !(stepSeconds > 0) || stepSeconds === Infinity) {
    throw bad(`step_seconds is ${shown(stepSeconds)}: expected a number above 0`);
  }
  const season = fields.season ?? undefined;
  if (season !== undefined && (typeof season !== "number" || !Number.isInteger(season) || season < 2)) {
    throw bad(`season is ${shown(season)}: expected a whole number of steps of at least 2, or none`);
  }
  const values = valuesOf(fields.values, bad);
  return { id, stepSeconds, values, ...(season !== undefined && { season }) };
}

/**
 * Reads a line that must be a JSON object.
 *
 * @throws BadRequest when it is anything else.
 */
export function parseObject(line: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parseJson(line);
  } catch (error) {
    throw new BadRequest(null, `not JSON: ${(error as Error).message}`);
  }
  return objectOf(parsed);
}

/**
 * Checks that a JSON value is an object.
 *
 * @throws BadRequest when it is anything else.
 */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadRequest(null, `line is ${shown(value)}: expected a JSON object`);
  }
  return value as Record<string, unknown>;
}

/**
 * Reads JSON. A byte order mark before it is left out. Python's `json` writes words for numbers
 * that JSON does not have: `NaN` is read as `null`, a gap; `Infinity` as a number too large for a
 * double.
 *
 * @throws SyntaxError when it is not JSON.
 */
export function parseJson(written: string): unknown {
  const text = written.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch (error) {
    const parts: string[] = [];
    let end = 0;
    for (const { token, index } of tokensOutsideStrings(text, String.raw`\bNaN\b|\bInfinity\b`)) {
      parts.push(text.slice(end, index), WORDS[token] as string);
      end = index + token.length;
    }
    if (parts.length === 0) throw error;
    return JSON.parse(`${parts.join("")}${text.slice(end)}`);
  }
}

const WORDS: Readonly<Record<string, string>> = { NaN: "null", Infinity: "1e999" };

function idOf(id: unknown): string | number | null {
  return typeof id === "string" || typeof id === "number" ? id : null;
}

function valuesOf(values: unknown, bad: (message: string) => BadRequest): Float64Array {
  if (!Array.isArray(values) || values.length > MAX_VALUES) {
    throw bad(`values is ${shown(values)}: expected an array of at most ${MAX_VALUES} numbers and nulls`);
  }
  const wrong = values.findIndex((value) => value !== null && !Number.isFinite(value));
  if (wrong !== -1) {
    throw bad(`values[${wrong}] is ${shown(values[wrong])}: expected a finite number, or null for a gap`);
  }
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

/** A value in an error message, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return shortTextOf(JSON.stringify(value));
}
