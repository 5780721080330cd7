import type { BacktestReport } from "../run-backtest.ts";
import type { MethodScore } from "../scores/method-scores.ts";
import { remarksOn } from "./remarks.ts";
import { verdictsOn } from "./verdict.ts";

/** The report as JSON: the scores of each series and of all; `null` when a score is undefined. */
export function jsonReport(report: BacktestReport): string {
  const { overall, series, untested } = report;
  return JSON.stringify(
    {
      verdicts: verdictsOn(report).map(({ steps, best, versusNaive, probability, text }) => ({
        steps,
        best: best ?? null,
        mase_versus_naive: rounded(versusNaive),
        p: rounded(probability),
        text,
      })),
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
    ms: rounded(millis),
    horizons: horizons.map((horizon) => ({
      steps: horizon.steps,
      mase: rounded(horizon.mase),
      mase_versus_naive: rounded(horizon.versusNaive),
      smape: rounded(horizon.smape),
      quantile_loss: rounded(horizon.quantileLoss),
      coverage_80: rounded(horizon.coverage80),
      coverage_95: rounded(horizon.coverage95),
    })),
  };
}

/** Six digits are more than the scores of any number of origins mean. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(6));
}
