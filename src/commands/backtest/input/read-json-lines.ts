import { parseObject, seriesOf, shown } from "../../forecast/request.ts";
import { BadInput, type GridSeries, toGridSeries } from "./grid-series.ts";
import { EXPECTED_TIME, epochMillis, parseTimestamp } from "./timestamp.ts";

/**
 * Reads JSON lines: whole series as `otel-forecast forecast` takes them, `{"id":..., "step_seconds":..., "values":[...]}`,
 * or single points, `{"timestamp":..., "value":...}`, with an `id` where there are several series. `null` is a gap.
 *
 * @throws BadInput that names file, line and field.
 */
export function readJsonLines(source: string, text: string): GridSeries[] {
  const whole: GridSeries[] = [];
  const points = new Map<string, { at: number; value: number }[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    try {
      const fields = parseObject(line);
      if (fields.values === undefined) takePoint(points, fields);
      else whole.push(wholeSeries(fields));
    } catch (error) {
      throw new BadInput(`${source}:${index + 1}: ${(error as Error).message}`);
    }
  }
  return [...whole, ...Array.from(points, ([id, samples]) => toGridSeries({ id, samples }, source))];
}

function wholeSeries(fields: Readonly<Record<string, unknown>>): GridSeries {
  const { id, ...series } = seriesOf(fields);
  return { id: String(id), ...series };
}

function takePoint(
  points: Map<string, { at: number; value: number }[]>,
  { timestamp, value, id = "value" }: Readonly<Record<string, unknown>>,
): void {
  const at = timeOf(timestamp);
  if (at === undefined) throw new BadInput(`timestamp is ${shown(timestamp)}: expected ${EXPECTED_TIME}`);
  if (value !== null && !(typeof value === "number" && Number.isFinite(value))) {
    throw new BadInput(`value is ${shown(value)}: expected a finite number, or null for a gap`);
  }
  if (typeof id !== "string" && typeof id !== "number") {
    throw new BadInput(`id is ${shown(id)}: expected a string or a number`);
  }
  const samples = points.get(String(id)) ?? [];
  samples.push({ at, value: value ?? Number.NaN });
  points.set(String(id), samples);
}

function timeOf(timestamp: unknown): number | undefined {
  if (typeof timestamp === "number") return epochMillis(timestamp);
  return typeof timestamp === "string" ? parseTimestamp(timestamp) : undefined;
}
