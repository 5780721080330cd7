import type { LocalClock } from "../../../series/local-clock.ts";
import { BadInput } from "../../bad-input.ts";
import { objectOf, parseObject, seriesOf, shown } from "../../forecast/request.ts";
import { type GridSeries, onGrids, type ReadSeries } from "./grid-series.ts";
import type { JsonValue } from "./json-values.ts";
import { type Fields, notesOnFields, type PointFields, pointFieldsOf } from "./point-fields.ts";
import { type Distinction, type Reading, timesOf, withoutRepeats } from "./repeats.ts";
import { isIdName, type Labels, notesOnLabels } from "./several-series.ts";
import { notesOnTimes } from "./times/notes-on-times.ts";
import { EXPECTED_TIME, timeFormatOf } from "./times/time-format.ts";
import type { WrittenTime } from "./times/written-time.ts";

/** How points are read. */
export interface PointOptions {
  /** The fields that distinguish series. Empty: `id`. */
  readonly ids: readonly string[];
  /** The clock of times without a zone. Absent: UTC. */
  readonly clock: LocalClock | undefined;
}

interface Point {
  readonly line: number;
  readonly id: string;
  readonly timestamp: string;
  readonly value: number;
  readonly fields: Fields;
}

/**
 * Reads JSON objects. An object is a whole series as in `otel-forecast forecast`, `{"id":...,
 * "step_seconds":..., "values":[...]}`, or a point, `{"timestamp":..., "value":...}`; the time may
 * have another usual name. Points need an `id`, or the fields that `ids` names, when there are several
 * series. `null` is a gap.
 *
 * @throws BadInput with file, line and field.
 */
export function readJsonLines(
  source: string,
  values: readonly JsonValue[],
  options: PointOptions,
): ReadSeries {
  const whole: GridSeries[] = [];
  const points: Point[] = [];
  let names: PointFields | undefined;
  for (const value of values) {
    try {
      const fields = "broken" in value ? parseObject(value.broken) : objectOf(value.value);
      if (fields.values === undefined) {
        names ??= pointFieldsOf(fields, options.ids);
        points.push(pointOf(fields, names, value.line, options.ids));
      } else whole.push(wholeSeries(fields));
    } catch (error) {
      throw new BadInput(`${source}:${value.line}: ${(error as Error).message}`);
    }
  }
  if (names === undefined) return { series: whole, untested: [], notes: [] };
  const ofPoints = readPoints(source, points, names, options);
  return { ...ofPoints, series: [...whole, ...ofPoints.series] };
}

function wholeSeries(fields: Fields): GridSeries {
  const { id, ...series } = seriesOf(fields);
  return { id: String(id), ...series };
}

function readPoints(
  source: string,
  points: readonly Point[],
  names: PointFields,
  { clock }: PointOptions,
): ReadSeries {
  const { written, format } = readTimes(source, points, names);
  const notes = [...notesOnFields(names), ...notesOnTimes(written, format, clock)];
  const others = otherFields(points, names);
  const distinction = (): Distinction => ({ source, ...possibleIds(points, others) });
  const byId = Map.groupBy(points.keys(), (index) => (points[index] as Point).id);
  const sampled = Array.from(byId, ([id, indices]) => {
    const at = timesOf(
      indices.map((index) => written[index] as WrittenTime),
      clock,
    );
    const readings = indices.map((index, place): Reading => {
      const { line, value, fields } = points[index] as Point;
      return { line, at: at[place] as number, values: [value], written: JSON.stringify(fields) };
    });
    const kept = withoutRepeats(readings, distinction, notes);
    const labels = labelsOf(
      others,
      indices.map((index) => points[index] as Point),
    );
    notes.push(...notesOnLabels(source, labels, at, (name) => `--id ${name}`));
    return { id, samples: kept.map((reading) => ({ at: reading.at, value: reading.values[0] as number })) };
  });
  return { ...onGrids(sampled), notes: [...new Set(notes)] };
}

function readTimes(
  source: string,
  points: readonly Point[],
  { time: name }: PointFields,
): { written: WrittenTime[]; format: string } {
  const chosen = timeFormatOf(points.map(({ timestamp }) => timestamp));
  const bad = ({ line, fields }: Point, problem: string): BadInput =>
    new BadInput(`${source}:${line}: ${name} is ${shown(fields[name])}: ${problem}`);
  if ("problem" in chosen) throw bad(points[0] as Point, chosen.problem);
  const { format } = chosen;
  const written = points.map((point) => {
    const time = format.read(point.timestamp);
    if (time === undefined) throw bad(point, `expected ${format.name}`);
    return time;
  });
  return { written, format: format.name };
}

function pointOf(fields: Fields, names: PointFields, line: number, ids: readonly string[]): Point {
  const { [names.time]: timestamp, [names.value]: value } = fields;
  if (typeof timestamp !== "string" && typeof timestamp !== "number") {
    throw new BadInput(`${names.time} is ${shown(timestamp)}: expected ${EXPECTED_TIME}`);
  }
  if (value !== null && !(typeof value === "number" && Number.isFinite(value))) {
    throw new BadInput(`${names.value} is ${shown(value)}: expected a finite number, or null for a gap`);
  }
  const id = ids.length === 0 ? idOf("id", fields.id ?? "value") : idsOf(fields, ids);
  return { line, id, timestamp: String(timestamp), value: value ?? Number.NaN, fields };
}

function idsOf(fields: Fields, ids: readonly string[]): string {
  return ids.map((name) => idOf(name, fields[name])).join(", ");
}

function idOf(name: string, id: unknown): string {
  if (typeof id === "string" || typeof id === "number") return String(id);
  throw new BadInput(`${name} is ${shown(id)}: expected a string or a number`);
}

/** The fields that may distinguish series. An id is among them: within its series it distinguishes nothing. */
function otherFields(points: readonly Point[], { time, value }: PointFields): string[] {
  return Object.keys(points[0]?.fields ?? {}).filter((name) => name !== time && name !== value);
}

/** The fields of texts, and of numbers that are named as ids. */
function labelsOf(others: readonly string[], points: readonly Point[]): Labels[] {
  return others
    .filter((name) => typeof points[0]?.fields[name] === "string" || isIdName(name))
    .map((name) => ({ name, texts: points.map(({ fields }) => String(fields[name] ?? "")) }));
}

/** The fields with few different texts or numbers, each of which has a time once, as a hint. */
function possibleIds(points: readonly Point[], others: readonly string[]): Omit<Distinction, "source"> {
  const names = others.filter((name) => {
    const kinds = new Set(points.map(({ fields }) => fields[name]));
    const keys = new Set(
      points.map(({ id, timestamp, fields }) => JSON.stringify([id, timestamp, fields[name]])),
    );
    const isFew = kinds.size > 1 && kinds.size <= points.length / 2 && keys.size === points.length;
    return isFew && [...kinds].every((kind) => /string|number/.test(typeof kind));
  });
  const options = names.map((name) => `--id ${name}`).join(" or ") || "--id FIELD";
  return {
    isPossible: names.length > 0,
    hint: `if the points are several series, name the field that distinguishes them with ${options}`,
  };
}
