import type { MetricIntake } from "../../core/point-intake.ts";
import type { Labels } from "../../core/series-key.ts";
import type { ExportResult, Rejection } from "./export-result.ts";
import type { PointValue } from "./point-values.ts";

/** The bit of `flags` that says that the stream has ended. */
const NO_RECORDED_VALUE = 1;

/** A point that was read. */
export interface ReadPoint {
  /** Epoch milliseconds; 0 if it is not known. */
  readonly at: number;
  /** The same for the start of the counting. */
  readonly startAt: number;
  readonly flags: number;
  readonly value: PointValue;
  /** Whether there are too many attributes, or too long ones. */
  readonly isTooLarge: boolean;
  /** A text that only points with the same attributes have. */
  key(): string;
  /** The attributes. It may be passed on as a function. */
  readonly readLabels: () => Labels;
}

/** Hands a point to its stream, or counts why not. */
export function takePoint(point: ReadPoint, metric: MetricIntake, result: ExportResult): void {
  const hasEnded = (point.flags & NO_RECORDED_VALUE) !== 0;
  const rejection = unusable(point) ?? (hasEnded ? undefined : point.value.finish());
  if (rejection !== undefined) {
    result.reject(rejection);
    return;
  }
  const stream = metric.stream(point.key(), point.readLabels);
  // The intake counts points that have no room, or belong elsewhere.
  if (stream === undefined) return;
  if (hasEnded) stream.end(point.at);
  else point.value.hand(stream, point.at, point.startAt === 0 ? Number.NaN : point.startAt);
  result.taken += 1;
}

function unusable({ at, isTooLarge }: ReadPoint): Rejection | undefined {
  if (at === 0) return "no_time";
  return isTooLarge ? "oversized" : undefined;
}
