import Table from "cli-table3";
import { inUnitsOf, inWords } from "../../advice/human-units.ts";
import { visibleLine } from "../../core/visible.ts";
import type { ForecastList, SeriesStatus } from "../../status/answers.ts";
import { headlineOf, inProcess, silentText, subjectIn } from "../../status/headline.ts";
import { counted } from "../counted.ts";

/** The fields of an alert that are shown. */
export interface ShownAlert {
  readonly state: string;
  readonly summary: string;
  readonly process?: string;
}

const NOTHING = "-";

/** What a running process forecasts, for a terminal: a sentence, the alerts and a table. */
export function statusText(list: ForecastList, alerts: readonly ShownAlert[]): string {
  const { forecasts, selected, series } = list;
  const lines = [
    selected === 0 && series > 0 ? `None of the ${series} series is selected.` : headlineOf(forecasts),
    ...alerts.map(({ state, summary, process }) => `${state}: ${inProcess(summary, process)}`),
    ...silentText(list.processes),
  ].map(visibleLine);
  if (forecasts.length === 0) return lines.join("\n");
  const rest = selected - forecasts.length;
  return [
    ...lines,
    tableOf(forecasts),
    ...(rest > 0 ? [`${counted(rest, "series", "series")} more: use --limit or --match`] : []),
  ].join("\n");
}

function tableOf(forecasts: readonly SeriesStatus[]): string {
  const horizons = [...new Set(forecasts.flatMap((series) => series.horizons.map(({ horizon }) => horizon)))];
  const table = new Table({
    head: ["series", "now", ...horizons.map((horizon) => `in ${horizon}`), "threshold"],
    style: { head: [], border: [], compact: true },
  });
  for (const series of forecasts)
    table.push([
      visibleLine(subjectIn(series)),
      series.value === undefined ? NOTHING : written(series, series.value),
      ...horizons.map((horizon) => cellAt(series, horizon)),
      thresholdOf(series),
    ]);
  return table.toString();
}

function cellAt(series: SeriesStatus, horizon: string): string {
  const found = series.horizons.find((it) => it.horizon === horizon);
  if (found !== undefined) {
    const { predicted, lower, upper } = found;
    return `${written(series, predicted)} (${written(series, lower)} to ${written(series, upper)})`;
  }
  return series.state === "warming-up" ? `${series.missingPoints ?? 0} points missing` : NOTHING;
}

function thresholdOf(series: SeriesStatus): string {
  const { threshold, secondsToThreshold } = series;
  if (threshold === undefined) return NOTHING;
  const limit = `${threshold.direction} ${written(series, threshold.value)}`;
  if (secondsToThreshold === undefined) return limit;
  return secondsToThreshold === 0 ? `${limit}: now` : `${limit}: in ${inWords(secondsToThreshold)}`;
}

function written({ metric, unit }: SeriesStatus, value: number): string {
  return visibleLine(inUnitsOf({ metricName: metric, unit }, value));
}
