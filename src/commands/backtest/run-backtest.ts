import { levelKind } from "../../engine/series-kind.ts";
import type { GridSeries } from "./input/grid-series.ts";
import { runOrigin } from "./run-origin.ts";
import { type MethodScore, type OriginResult, scoreMethod, scoreOverall } from "./scores/method-scores.ts";
import type { BacktestOptions } from "./test-plan.ts";
import { planOf, type TestPlan } from "./test-plan.ts";

/** One series with what every method made of it. */
export interface SeriesReport {
  readonly plan: TestPlan;
  readonly scores: readonly MethodScore[];
  /** What each method said at the last origin, by its name. */
  readonly latest: ReadonlyMap<string, OriginResult>;
}

/** What a backtest found. */
export interface BacktestReport {
  readonly series: readonly SeriesReport[];
  /** Series that could not be tested, and why. */
  readonly untested: readonly { readonly id: string; readonly reason: string }[];
  /** One for each method, over all series. */
  readonly overall: readonly MethodScore[];
}

/** What a long run tells and asks of its surroundings. */
export interface RunSurroundings {
  /** A clock in milliseconds. */
  now(): number;
  /** Told after every forecast. */
  advanced(done: number, total: number): void;
  /** Lets others have their turn. */
  pause(): Promise<void>;
}

const REFERENCE = "naive";

/** Rolling-origin evaluation of methods on series, each fitted as a process would fit it. O(series x origins x methods). */
export async function runBacktest(
  input: readonly GridSeries[],
  options: BacktestOptions,
  surroundings: RunSurroundings,
): Promise<BacktestReport> {
  const methods = [...new Set([...options.methods, REFERENCE])];
  const kind = levelKind(options.bounds);
  const plans: TestPlan[] = [];
  const untested: { id: string; reason: string }[] = [];
  for (const series of input) {
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
  return { series, untested, overall };
}

function reportOn(plan: TestPlan, results: ReadonlyMap<string, readonly OriginResult[]>): SeriesReport {
  const naive = results.get(REFERENCE) ?? [];
  return {
    plan,
    scores: Array.from(results, ([method, own]) => scoreMethod(method, plan.horizons, own, naive)),
    latest: new Map(Array.from(results, ([method, own]) => [method, own.at(-1) as OriginResult])),
  };
}

function scoreOf(report: SeriesReport, method: string): MethodScore {
  return report.scores.find((score) => score.method === method) as MethodScore;
}
