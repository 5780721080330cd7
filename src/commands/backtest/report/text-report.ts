import Table from "cli-table3";
import type { BacktestReport } from "../run-backtest.ts";
import { remarksOn, summaryOf } from "./remarks.ts";
import { COLUMNS, horizonsOf, scoreRows, shownSeconds } from "./score-rows.ts";

/** The report for a terminal: a table for each horizon, and what a reader should know besides. */
export function textReport(report: BacktestReport): string {
  const remarks = remarksOn(report).map((remark) => `note: ${remark}`);
  if (report.series.length === 0) return remarks.join("\n");
  const tables = horizonsOf(report.overall).map(
    (steps) => `${titleOf(report, steps)}\n${tableOf(report, steps)}`,
  );
  const best = report.series.length === 1 ? chosenBy(report) : [];
  return [summaryOf(report), ...tables, ...best, ...remarks].join("\n");
}

/** A horizon in steps, and in time where all series have one step. */
export function titleOf({ series }: BacktestReport, steps: number): string {
  const durations = new Set(series.map(({ plan }) => plan.series.stepSeconds));
  const [stepSeconds] = durations;
  const time = durations.size === 1 ? ` (${shownSeconds(steps * (stepSeconds as number))})` : "";
  return `horizon ${steps} ${steps === 1 ? "step" : "steps"}${time}`;
}

function tableOf(report: BacktestReport, steps: number): string {
  const table = new Table({
    head: COLUMNS.map((column) => column.name),
    colAligns: COLUMNS.map((_, index) => (index === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...scoreRows(report.overall, steps));
  return table.toString();
}

function chosenBy({ series }: BacktestReport): string[] {
  const latest = series[0]?.latest.get("auto");
  return latest?.state === "scored" ? [`chosen at the last origin: ${latest.chosen}`] : [];
}
