import type { LocalClock } from "../../../series/local-clock.ts";
import { objectOf, parseObject, seriesOf, shown } from "../../forecast/request.ts";
import { BadInput, type GridSeries, onGrids, type ReadSeries } from "./grid-series.ts";
import type { JsonValue } from "./json-values.ts";
import { type Distinction, type Reading, timesOf, withoutRepeats } from "./repeats.ts";
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

type Fields = Readonly<Record<string, unknown>>;

interface Point {
  readonly line: number;
  readonly id: string;
  readonly timestamp: string;
  readonly value: number;
  readonly fields: Fields;
}

/**
 * Reads JSON objects. An object is a whole series as in `otel-forecast forecast`, `{"id":...,
 * "step_seconds":..., "values":[...]}`, or a point, `{"timestamp":..., "value":...}`. Points need
 * an `id`, or the fields that `ids` names, when there are several series. `null` is a gap.
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
  for (const value of values) {
    try {
      const fields = "broken" in value ? parseObject(value.broken) : objectOf(value.value);
      if (fields.values === undefined) points.push(pointOf(fields, value.line, options.ids));
      else whole.push(wholeSeries(fields));
    } catch (error) {
      throw new BadInput(`${source}:${value.line}: ${(error as Error).message}`);
    }
  }
  const ofPoints = readPoints(source, points, options);
  return { ...ofPoints, series: [...whole, ...ofPoints.series] };
}

function wholeSeries(fields: Fields): GridSeries {
  const { id, ...series } = seriesOf(fields);
  return { id: String(id), ...series };
}

function readPoints(source: string, points: readonly Point[], { ids, clock }: PointOptions): ReadSeries {
  if (points.length === 0) return { series: [], untested: [], notes: [] };
  const { written, format } = readTimes(source, points);
  const notes = notesOnTimes(written, format, clock);
  const distinction = (): Distinction => ({ source, ...possibleIds(points, ids) });
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
    return { id, samples: kept.map((reading) => ({ at: reading.at, value: reading.values[0] as number })) };
  });
  return { ...onGrids(sampled), notes: [...new Set(notes)] };
}

function readTimes(source: string, points: readonly Point[]): { written: WrittenTime[]; format: string } {
  const chosen = timeFormatOf(points.map(({ timestamp }) => timestamp));
  const bad = ({ line, fields }: Point, problem: string): BadInput =>
    new BadInput(`${source}:${line}: timestamp is ${shown(fields.timestamp)}: ${problem}`);
  if ("problem" in chosen) throw bad(points[0] as Point, chosen.problem);
  const { format } = chosen;
  const written = points.map((point) => {
    const time = format.read(point.timestamp);
    if (time === undefined) throw bad(point, `expected ${format.name}`);
    return time;
  });
  return { written, format: format.name };
}

function pointOf(fields: Fields, line: number, ids: readonly string[]): Point {
  const { timestamp, value } = fields;
  if (typeof timestamp !== "string" && typeof timestamp !== "number") {
    throw new BadInput(`timestamp is ${shown(timestamp)}: expected ${EXPECTED_TIME}`);
  }
  if (value !== null && !(typeof value === "number" && Number.isFinite(value))) {
    throw new BadInput(`value is ${shown(value)}: expected a finite number, or null for a gap`);
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

/** The fields with few different texts or numbers, each of which has a time once, as a hint. */
function possibleIds(points: readonly Point[], ids: readonly string[]): Omit<Distinction, "source"> {
  const known = ["timestamp", "value", ...(ids.length === 0 ? ["id"] : ids)];
  const names = Object.keys(points[0]?.fields ?? {}).filter((name) => {
    const kinds = new Set(points.map(({ fields }) => fields[name]));
    const keys = new Set(
      points.map(({ id, timestamp, fields }) => JSON.stringify([id, timestamp, fields[name]])),
    );
    const isFew = kinds.size > 1 && kinds.size <= points.length / 2 && keys.size === points.length;
    return !known.includes(name) && isFew && [...kinds].every((kind) => /string|number/.test(typeof kind));
  });
  const options = names.map((name) => `--id ${name}`).join(" or ") || "--id FIELD";
  return {
    isPossible: names.length > 0,
    hint: `if the points are several series, name the field that distinguishes them with ${options}`,
  };
}
