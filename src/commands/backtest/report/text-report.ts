import Table from "cli-table3";
import { visibleLine } from "../../../core/visible.ts";
import type { BacktestReport } from "../run-backtest.ts";
import { ABOUT_ORIGINS, remarksOn, summaryOf } from "./remarks.ts";
import { COLUMNS, horizonsOf, scoreRows } from "./score-rows.ts";
import { shownHorizon } from "./shown-times.ts";
import { verdictsOn } from "./verdict.ts";

/** The report for a terminal: a verdict and a table for each horizon, and remarks. */
export function textReport(report: BacktestReport): string {
  const remarks = remarksOn(report).map((remark) => visibleLine(`note: ${remark}`));
  if (report.series.length === 0) return remarks.join("\n");
  const tables = horizonsOf(report.overall).map(
    (steps) => `horizon ${shownHorizon(report, steps)}\n${tableOf(report, steps)}`,
  );
  const best = report.series.length === 1 ? chosenBy(report) : [];
  const verdicts = verdictsOn(report).map(({ text }) => text);
  return [...verdicts, summaryOf(report), ABOUT_ORIGINS, ...tables, ...best, ...remarks].join("\n");
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
