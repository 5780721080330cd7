import type { ResolvedOptions } from "../../config/options.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { Catalogue, ForecastMetric } from "../catalogue/forecast-metric.ts";
import { type AgentMetricNames, agentMetricNames, FORECASTER, PREDICTION_ENDINGS } from "../metric-names.ts";
import { limitedMetrics } from "../rules/limits.ts";
import type { DashboardSpec, VariableSpec } from "./dashboard-spec.ts";

/** The input of the dashboards. */
export interface DashboardContext {
  /** With the limits of the alerting rules, so that a panel shows the limit of its alert. */
  readonly metrics: readonly ForecastMetric[];
  readonly names: AgentMetricNames;
  /** The horizons of the process, shortest first. */
  readonly horizons: readonly Horizon[];
  /** Whether it is a gateway: its forecasts have the jobs of the series that they predict. */
  readonly isGateway: boolean;
}

/** The matcher of the chosen jobs, for every query. */
export const OF_JOB = 'job=~"$job"';
/** The range of rates: Grafana chooses it so that it always holds several samples. */
export const RATE = "$__rate_interval";

const SHORTEST_PAST_SECONDS = 6 * 3600;

/** Collects the input of the dashboards of a process, or of a gateway, with these options. */
export function dashboardContext(
  options: ResolvedOptions,
  catalogue: Catalogue,
  isGateway = false,
): DashboardContext {
  const limits = new Map(limitedMetrics(catalogue).map((one) => [keyOf(one), one.threshold]));
  return {
    metrics: catalogue.metrics
      .filter((metric) => isWhole(metric, catalogue))
      .map((metric) => ({ ...metric, threshold: limits.get(keyOf(metric)) })),
    names: agentMetricNames(options.namespace),
    horizons: [...options.horizons].sort((one, other) => one.seconds - other.seconds),
    isGateway,
  };
}

/**
 * A metric is shown once: the view without `where` stands for all of its series, else the first
 * view.
 */
function isWhole({ metric, where }: ForecastMetric, { metrics }: Catalogue): boolean {
  if (where === undefined) return true;
  const same = metrics.filter((other) => other.metric === metric);
  return same.every((other) => other.where !== undefined) && same[0]?.where === where;
}

function keyOf({ metric, where }: ForecastMetric): string {
  return `${metric} ${JSON.stringify(where ?? {})}`;
}

/** From some hours ago to the longest horizon ahead, so that forecasts are visible. */
export function timeRange({ horizons }: DashboardContext): Pick<DashboardSpec, "from" | "to"> {
  const longest = horizons.at(-1);
  if (longest === undefined) return { from: "now-6h", to: "now" };
  const past = Math.max(SHORTEST_PAST_SECONDS, 2 * longest.seconds);
  return { from: `now-${Math.ceil(past / 3600)}h`, to: `now+${longest.label}` };
}

/** The variable `$job`: all jobs with a forecaster, and all whose series are forecast. */
export function jobVariable({ isGateway }: DashboardContext): VariableSpec {
  const { series, ready } = FORECASTER;
  return {
    name: "job",
    label: "Job",
    query: `label_values(${isGateway ? `{__name__=~"${series}|${ready}"}` : series}, job)`,
    isMulti: true,
  };
}

/** The variable `$agent`: the agents of the chosen jobs that are forecast. */
export function agentVariable(isMulti: boolean): VariableSpec {
  return {
    name: "agent",
    label: "Agent",
    query: `label_values(${FORECASTER.ready}{${OF_JOB},agent!=""}, agent)`,
    isMulti,
  };
}

/**
 * The variable `$horizon`: the horizons of all forecasts. At first the shortest horizon of this
 * process is chosen.
 *
 * @param matchers of the forecasts. Default: those of the chosen jobs.
 */
export function horizonVariable(
  { horizons }: DashboardContext,
  matchers: readonly string[] = [OF_JOB],
): VariableSpec {
  const shortest = horizons[0];
  const predicted = `{${[`__name__=~".+${PREDICTION_ENDINGS.predicted}"`, ...matchers].join(",")}}`;
  return {
    name: "horizon",
    label: "Horizon",
    query: `label_values(${predicted}, horizon)`,
    isMulti: false,
    ...(shortest === undefined ? {} : { initial: shortest.label }),
  };
}
