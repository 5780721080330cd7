import { counted } from "../../counted.ts";
import type { BacktestReport, SeriesReport } from "../run-backtest.ts";
import { shownSteps, shownTime } from "./shown-times.ts";

/** The maximum number of untested series that are named. */
const MAX_NAMED_UNTESTED = 5;

/** What an origin is. */
export const ABOUT_ORIGINS =
  "An origin is a point in the past: each method sees only the points before it, and its forecast is compared with what came after.";

/** One line about what was tested. */
export function summaryOf({ series, overall }: BacktestReport): string {
  const origins = range(series.map(({ plan }) => plan.origins.length));
  const each = series.length > 1 ? " each" : "";
  const window = range(series.map(({ plan }) => plan.window));
  return `${counted(series.length, "series", "series")}${timesOf(series)}, ${origins} ${origins === "1" ? "origin" : "origins"}${each}, ${counted(overall.length, "method")}, a past of ${window} points at each origin`;
}

/** The smallest and the largest of numbers, or the one that all are. */
function range(numbers: readonly number[]): string {
  const least = numbers.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = numbers.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return least === most ? String(least) : `${least} to ${most}`;
}

/** The step and the range of the series, when they are the same for all. */
function timesOf(series: readonly SeriesReport[]): string {
  const ranges = series.map(({ plan: { series: own } }) => {
    const every = ` every ${shownSteps(own, 1)}`;
    const range = `${shownTime(own, 0)} to ${shownTime(own, own.values.length - 1)} UTC`;
    return own.endMillis === undefined ? every : `${every} from ${range}`;
  });
  return new Set(ranges).size === 1 ? (ranges[0] as string) : "";
}

/** Remarks on the tables: what was left out, what failed, which scores are undefined. */
export function remarksOn(report: BacktestReport): string[] {
  const many = report.series.length > 1;
  const named = (id: string, text: string): string => (many ? `${id}: ${text}` : text);
  return [
    ...untested(report),
    ...report.notes,
    ...grouped(
      report.series.flatMap(({ plan }) => plan.notes.map((note) => ({ id: plan.series.id, note }))),
      many,
    ),
    ...report.series.flatMap((series) => outcomes(series).map((text) => named(series.plan.series.id, text))),
  ];
}

function untested({ untested: series }: BacktestReport): string[] {
  const first = series.slice(0, MAX_NAMED_UNTESTED).map(({ id, reason }) => `not tested: ${id}: ${reason}`);
  const left = series.length - first.length;
  return left > 0 ? [...first, `not tested: ${left} more series`] : first;
}

/** A remark that several series share is written once. */
function grouped(notes: readonly { id: string; note: string }[], many: boolean): string[] {
  const byNote = Map.groupBy(notes, ({ note }) => note);
  return Array.from(byNote, ([note, of]) => {
    if (!many) return note;
    return `${of.length > 3 ? `${of.length} series` : of.map(({ id }) => id).join(", ")}: ${note}`;
  });
}

function outcomes({ plan, scores, latest }: SeriesReport): string[] {
  const remarks: string[] = [];
  const origins = plan.origins.length;
  const forecasts = scores[0]?.forecasts ?? 0;
  const failures = scores.filter((score) => score.failures > 0);
  for (const { method, failures: count } of failures) {
    const last = latest.get(method);
    const reason = last?.state === "failed" ? `: ${last.reason}` : "";
    remarks.push(`${method} failed at ${count} of ${counted(origins, "origin")}${reason}`);
  }
  if (failures.length > 0) return remarks;
  if (forecasts === 0) return ["warming up at every origin: fewer than 12 known points in each window"];
  if (forecasts < origins) {
    remarks.push(
      `warming up at ${origins - forecasts} of ${origins} origins: fewer than 12 known points in the window`,
    );
  }
  if (scores.every(({ horizons }) => horizons.every(({ smape }) => smape === undefined))) {
    remarks.push("no scores: only gaps follow the origins");
  } else if (scores.every(({ horizons }) => horizons.every(({ mase }) => mase === undefined))) {
    remarks.push(
      "the past is constant at every origin: errors have no unit, and MASE and quantile loss are undefined",
    );
  }
  return remarks;
}
