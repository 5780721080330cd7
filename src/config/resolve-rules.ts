import type { AlertingEntries } from "../alerts/entries.ts";
import type { ResolvedAlerting } from "../alerts/rules.ts";
import { optionError } from "../core/option-error.ts";
import type { Threshold } from "../core/threshold.ts";
import { checkThresholds } from "./alerting/check-thresholds.ts";
import type { Finding } from "./alerting/finding.ts";
import { type KnownMetric, knownMetrics } from "./alerting/known-metrics.ts";
import { type AlertingContext, resolveAlerting } from "./alerting/resolve-alerting.ts";
import { type Configuration, ConfigurationError } from "./configuration.ts";
import type { ForecastOptions } from "./options.ts";

/**
 * Alerts, actions, maintenance and thresholds of the options and of the configuration file, checked against each other
 * and against the metrics that there are.
 *
 * @throws TypeError that names the options that are wrong.
 * @throws ConfigurationError where something is wrong in the file, unless `leaveOut` is there to be told instead.
 */
export function resolveRules(
  options: ForecastOptions,
  optionThresholds: ReadonlyMap<string, Threshold>,
  configuration: Configuration,
  context: AlertingContext,
  leaveOut: ((finding: string) => void) | undefined,
): ResolvedAlerting {
  const inOptions: Finding[] = [];
  const inFile: Finding[] = [];
  let known: readonly KnownMetric[] | undefined;
  // Most processes have no rule, and it takes a while to name what a rule can be about.
  const metrics = (): readonly KnownMetric[] => {
    known ??= knownMetrics(context.namespace, context.views);
    return known;
  };
  const resolved = resolveAlerting(
    [
      { entries: entriesOf(options), tell: (finding) => inOptions.push(finding) },
      { entries: configuration.alerting, tell: (finding) => inFile.push(finding) },
    ],
    context,
    metrics,
  );
  inOptions.push(...checkThresholds(options.views ?? [], optionThresholds, metrics));
  inFile.push(...checkThresholds(configuration.views, configuration.thresholds, metrics));
  if (inOptions.length > 0) {
    const wrong = inOptions.map(({ path, message }) => `option "${path.join(".")}": ${message}`);
    throw optionError(`${wrong.join("; ")}`);
  }
  const findings = configuration.tell(inFile);
  if (leaveOut !== undefined) findings.forEach(leaveOut);
  else if (findings.length > 0) throw new ConfigurationError(findings);
  return resolved;
}

function entriesOf({ alerts, actions, actionsPerHour, maintenance }: ForecastOptions): AlertingEntries {
  return {
    ...(alerts === undefined ? {} : { alerts }),
    ...(actions === undefined ? {} : { actions }),
    ...(actionsPerHour === undefined ? {} : { actionsPerHour }),
    ...(maintenance === undefined ? {} : { maintenance }),
  };
}
