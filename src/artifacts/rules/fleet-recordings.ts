import type { RuleContext } from "./rule-context.ts";
import type { RecordingRule, RuleGroup } from "./rule-file.ts";

/**
 * Names of recording rules over all processes of an agent, or of a job: `level:metric:operations`.
 */
export interface FleetNames {
  readonly taskBuckets: string;
  readonly taskRate: string;
  readonly successRatio: string;
  readonly recoveryMean: string;
  readonly openFailures: string;
}

const QUANTILES = [50, 95, 99];

/** The names of the recording rules that other rules refer to. */
export function fleetNames({ names, window }: Pick<RuleContext, "names" | "window">): FleetNames {
  return {
    taskBuckets: `job_agent_le:${names.taskDuration}_bucket:rate${window}`,
    taskRate: `job_agent:${names.taskDuration}_count:rate${window}`,
    successRatio: `job_agent:${names.taskDuration}_count:success_ratio_rate${window}`,
    recoveryMean: `job_agent:${names.recoveryDuration}:mean_rate${window}`,
    openFailures: `job_agent:${names.openFailures}:sum`,
  };
}

/**
 * Recording rules of what each agent does in all its processes together. Percentiles come from
 * summed histograms: an average of percentiles is not a percentile.
 */
export function fleetRecordings(context: RuleContext): RuleGroup {
  const { names, window } = context;
  const fleet = fleetNames(context);
  const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[${window}]))`;
  const failed = rate(`${names.taskDuration}_count{error_type!=""}`, "job, agent");
  const rules: RecordingRule[] = [
    { record: fleet.taskBuckets, expr: rate(`${names.taskDuration}_bucket`, "job, agent, le") },
    { record: fleet.taskRate, expr: rate(`${names.taskDuration}_count`, "job, agent") },
    {
      // An agent that has never failed has no series of failures: count them as 0.
      record: fleet.successRatio,
      expr: `1 - (${failed} or 0 * ${fleet.taskRate}) / (${fleet.taskRate} > 0)`,
    },
    ...QUANTILES.flatMap((percent) => [
      {
        record: `job_agent:${names.taskDuration}:p${percent}_rate${window}`,
        expr: `histogram_quantile(${percent / 100}, ${fleet.taskBuckets})`,
      },
      {
        record: `job:${names.taskDuration}:p${percent}_rate${window}`,
        expr: `histogram_quantile(${percent / 100}, sum by (job, le) (${fleet.taskBuckets}))`,
      },
    ]),
    {
      record: fleet.recoveryMean,
      expr: `${rate(`${names.recoveryDuration}_sum`, "job, agent")} / (${rate(`${names.recoveryDuration}_count`, "job, agent")} > 0)`,
    },
    { record: fleet.openFailures, expr: `sum by (job, agent) (${names.openFailures})` },
    { record: `job_agent:${names.activeTasks}:sum`, expr: `sum by (job, agent) (${names.activeTasks})` },
  ];
  return { name: "otel-forecast-fleet", rules };
}
