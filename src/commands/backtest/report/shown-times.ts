import { counted } from "../../counted.ts";
import type { GridSeries } from "../input/grid-series.ts";
import type { BacktestReport } from "../run-backtest.ts";

/** A horizon in steps. When all series have the same step, in time too. */
export function shownHorizon({ series }: BacktestReport, steps: number): string {
  const times = [...new Set(series.map(({ plan }) => shownSteps(plan.series, steps)))];
  const time = times.length === 1 ? ` (${times[0]})` : "";
  return `${counted(steps, "step")}${time}`;
}

/** The time that steps of a series take, such as `5 min`, `3 months` or `2 years`. */
export function shownSteps({ stepSeconds, stepMonths }: GridSeries, steps: number): string {
  if (stepMonths === undefined) return shownSeconds(steps * stepSeconds);
  const months = steps * stepMonths;
  return months % 12 === 0 ? counted(months / 12, "year") : counted(months, "month");
}

/** The time of a value in UTC, as precise as the steps; its number when the series has no times. */
export function shownTime(series: GridSeries, index: number): string {
  const { endMillis, stepSeconds, stepMonths, values } = series;
  if (endMillis === undefined) return `step ${index}`;
  const stepsBack = values.length - 1 - index;
  if (stepMonths !== undefined) return monthsBefore(endMillis, stepsBack * stepMonths);
  const text = new Date(Math.round(endMillis - stepsBack * stepSeconds * 1000)).toISOString();
  return text.replace("T", " ").slice(0, stepSeconds < 60 ? 19 : 16);
}

/** A duration such as `30 s`, `5 min`, `1 h` or `2 d`. */
export function shownSeconds(seconds: number): string {
  const units: readonly [number, string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ];
  const [size, name] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, "s"];
  return `${Number((seconds / size).toFixed(3))} ${name}`;
}

function monthsBefore(at: number, months: number): string {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months)).toISOString().slice(0, 7);
}
