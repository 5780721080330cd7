import type { AlertingEntries } from "../alerts/entries.ts";
import type { ResolvedAlerting } from "../alerts/resolved.ts";
import { optionError } from "../core/option-error.ts";
import type { Threshold } from "../core/threshold.ts";
import type { Finding } from "./alerting/findings.ts";
import { type KnownMetric, knownMetrics } from "./alerting/known-metrics.ts";
import { type AlertingContext, resolveAlerting } from "./alerting/resolve-alerting.ts";
import { checkThresholds, checkViews } from "./check-entries.ts";
import { type Configuration, ConfigurationError } from "./configuration.ts";
import type { ForecastOptions } from "./options.ts";
import { remarksOn } from "./remarks.ts";

/** The entries of the options and of the configuration file, and what they are checked against. */
export interface EntrySources {
  readonly options: ForecastOptions;
  /** Thresholds of the options. */
  readonly thresholds: ReadonlyMap<string, Threshold>;
  readonly configuration: Configuration;
  readonly context: AlertingContext & { readonly timeZone: string | undefined };
  /** Receives what is wrong in the file, which is then left out. Absent: a wrong file throws. */
  readonly leaveOut?: ((findings: readonly Finding[]) => void) | undefined;
  /** Receives what may be a mistake in the file; absent: it is not looked for. */
  readonly remark?: ((line: string) => void) | undefined;
}

/**
 * Resolves alerts, actions and maintenance of the options and of the configuration file. Checks
 * them, and the thresholds of both, against each other and against the known metrics.
 *
 * @throws TypeError that names the options that are wrong.
 * @throws ConfigurationError if something is wrong in the file and `leaveOut` is absent.
 */
export function resolveEntries(sources: EntrySources): ResolvedAlerting {
  const { options, thresholds, configuration, context, leaveOut, remark } = sources;
  const inOptions: Finding[] = [];
  const inFile: Finding[] = [];
  let known: readonly KnownMetric[] | undefined;
  // Naming the metrics takes a while, and most processes have no alerts.
  const metrics = (): readonly KnownMetric[] => {
    known ??= knownMetrics(context.namespace, context.views);
    return known;
  };
  const resolved = resolveAlerting(
    [
      { entries: entriesOf(options), report: (finding) => inOptions.push(finding) },
      { entries: configuration.alerting, report: (finding) => inFile.push(finding) },
    ],
    context,
    metrics,
  );
  const { namespace, timeZone } = context;
  const names = { namespace, metrics };
  for (const [given, views, limits] of [
    [inOptions, options.views ?? [], thresholds],
    [inFile, configuration.views, configuration.thresholds],
  ] as const)
    given.push(...checkViews(views, namespace, timeZone), ...checkThresholds(limits, names));
  if (inOptions.length > 0) {
    const wrong = inOptions.map(({ path, message }) => `option "${path.join(".")}": ${message}`);
    throw optionError(wrong.join("; "));
  }
  if (remark !== undefined) remarksOn(configuration, names).forEach(remark);
  if (leaveOut !== undefined) leaveOut(inFile);
  else if (inFile.length > 0) throw new ConfigurationError(configuration.explain(inFile));
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
