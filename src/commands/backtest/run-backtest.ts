import { LevelKind } from "../../engine/series-kind.ts";
import { type DrawnForecast, drawnForecasts } from "./drawn-forecasts.ts";
import type { ReadSeries, Untested } from "./input/grid-series.ts";
import { runOrigin } from "./run-origin.ts";
import { type MethodScore, type OriginResult, scoreMethod, scoreOverall } from "./scores/method-scores.ts";
import type { BacktestOptions } from "./test-plan.ts";
import { planOf, type TestPlan } from "./test-plan.ts";

/** The scores of every method on one series. */
export interface SeriesReport {
  readonly plan: TestPlan;
  readonly scores: readonly MethodScore[];
  /** The result of each method at the last origin, by name. */
  readonly latest: ReadonlyMap<string, OriginResult>;
  /** Forecasts for pictures. */
  readonly drawn: readonly DrawnForecast[];
}

/** The result of a backtest. */
export interface BacktestReport {
  readonly series: readonly SeriesReport[];
  /** Series that could not be tested, and why. */
  readonly untested: readonly Untested[];
  /** Remarks on the input. */
  readonly notes: readonly string[];
  /** The scores of each method over all series. */
  readonly overall: readonly MethodScore[];
}

/** What a long run needs from its caller. */
export interface RunSurroundings {
  /** Monotonic milliseconds. */
  now(): number;
  /** Runs after every forecast. */
  advanced(done: number, total: number): void;
  /** Lets other work run. */
  pause(): Promise<void>;
}

const REFERENCE = "naive";

/**
 * Rolling-origin evaluation of methods on series, each fitted as the engine fits it. O(series x
 * origins x methods).
 */
export async function runBacktest(
  input: ReadSeries,
  options: BacktestOptions,
  surroundings: RunSurroundings,
): Promise<BacktestReport> {
  const methods = [...new Set([...options.methods, REFERENCE])];
  const kind = new LevelKind(options.bounds);
  const plans: TestPlan[] = [];
  const untested: Untested[] = [...input.untested];
  for (const series of input.series) {
    const planned = planOf(series, options);
    if ("plan" in planned) plans.push(planned.plan);
    else untested.push({ id: series.id, reason: planned.reason });
  }
  const total = plans.reduce((sum, plan) => sum + plan.origins.length * methods.length, 0);
  let done = 0;
  const series: SeriesReport[] = [];
  for (const plan of plans) {
    const results = new Map<string, OriginResult[]>(methods.map((method) => [method, []]));
    for (const origin of plan.origins) {
      for (const method of methods) {
        results.get(method)?.push(runOrigin(plan, method, origin, { kind, now: surroundings.now }));
        done += 1;
        surroundings.advanced(done, total);
        await surroundings.pause();
      }
    }
    series.push(reportOn(plan, results));
  }
  const overall = methods.map((method) => scoreOverall(series.map((report) => scoreOf(report, method))));
  return { series, untested, notes: input.notes, overall };
}

function reportOn(plan: TestPlan, results: ReadonlyMap<string, readonly OriginResult[]>): SeriesReport {
  const naive = results.get(REFERENCE) ?? [];
  const [first = 0, second = first + 1] = plan.origins;
  const scores = Array.from(results, ([method, own]) =>
    scoreMethod(method, plan.horizons, own, naive, second - first),
  );
  return {
    plan,
    scores,
    latest: new Map(Array.from(results, ([method, own]) => [method, own.at(-1) as OriginResult])),
    drawn: drawnForecasts(plan.origins, scores, results),
  };
}

function scoreOf(report: SeriesReport, method: string): MethodScore {
  return report.scores.find((score) => score.method === method) as MethodScore;
}
