import type { BacktestReport } from "../run-backtest.ts";
import type { MethodScore } from "../scores/method-scores.ts";
import { remarksOn } from "./remarks.ts";

/** The report as JSON: the scores of each series and of all; `null` when a score is undefined. */
export function jsonReport(report: BacktestReport): string {
  const { overall, series, untested } = report;
  return JSON.stringify(
    {
      overall: overall.map(scoreJson),
      series: series.map(({ plan, scores }) => ({
        id: plan.series.id,
        step_seconds: plan.series.stepSeconds,
        window: plan.window,
        season: plan.season ?? null,
        origins: plan.origins.length,
        methods: scores.map(scoreJson),
      })),
      untested,
      notes: remarksOn(report),
    },
    null,
    2,
  );
}

function scoreJson({ method, horizons, millis, forecasts, failures }: MethodScore): object {
  return {
    method,
    forecasts,
    failures,
    ms: millis ?? null,
    horizons: horizons.map((horizon) => ({
      steps: horizon.steps,
      mase: horizon.mase ?? null,
      mase_versus_naive: horizon.versusNaive ?? null,
      smape: horizon.smape ?? null,
      quantile_loss: horizon.quantileLoss ?? null,
      coverage_80: horizon.coverage80 ?? null,
      coverage_95: horizon.coverage95 ?? null,
    })),
  };
}
