import type { PrometheusSource } from "../../config/gateway/gateway-settings.ts";
import type { ResolvedOptions } from "../../config/options.ts";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { atOnce } from "../../core/yielding-runner.ts";
import { WindowClock } from "../../measure/window-clock.ts";
import { SYSTEM_METRICS } from "../../metrics/system-metrics.ts";
import { FORECAST_SCOPE } from "../../otel/scopes.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { compileAny } from "../../views/pattern.ts";
import { thresholdOf } from "../../views/resolved-output.ts";
import { ViewProcessor } from "../../views/view-processor.ts";
import { applicationMetric } from "./application-metric.ts";
import type { Catalogue, ForecastMetric } from "./forecast-metric.ts";
import { isPublishedByName, isQuery, originOf } from "./origins.ts";
import { ownMeasurements } from "./own-measurements.ts";

const PROMETHEUS_NAME = /^[a-zA-Z_:][\w:]*$/;

/** Some of these are computed from the tasks of all agents too. */
const OF_SYSTEM: ReadonlySet<string> = new Set(Object.values(SYSTEM_METRICS).map(({ name }) => name));

/** A metric with its OpenTelemetry name, and what its view does beside the forecasts. */
interface NamedMetric extends ForecastMetric {
  readonly name: string;
  readonly by: ForecastView["by"];
  readonly isPublished: boolean;
}

/**
 * Lists what a process with these options forecasts. It applies every view to the instruments of
 * this package, and to the instruments of the application that the view names. The application's
 * other instruments are not known before it runs, except for thresholds that are set on them.
 *
 * @param sources those of a gateway; `undefined`: it is no gateway.
 */
export async function catalogueOf(
  options: ResolvedOptions,
  sources?: readonly PrometheusSource[],
): Promise<Catalogue> {
  const own = await ownMeasurements(options);
  const remarks: string[] = [];
  const listed: NamedMetric[] = [];
  for (const view of options.views) {
    const ofOwn = metricsOf(view, own, options);
    listed.push(...ofOwn);
    if (ofOwn.length > 0) continue;
    const { metric, remark } = applicationMetric(view, (name) => isQuery(name, sources));
    if (remark !== undefined) remarks.push(remark);
    if (metric !== undefined) listed.push(...metricsOf(view, [metric], options));
  }
  const byName = onlyByName(listed, options, sources);
  const metrics = [...firstOfEach(listed, sources !== undefined), ...byName.metrics];
  return { metrics, remarks: [...remarks, ...byName.remarks] };
}

/**
 * The metrics that a view makes. Its `where` is left out: it may select agents that are not known
 * here.
 */
function metricsOf(
  view: ForecastView,
  measured: readonly MeasuredMetric[],
  options: ResolvedOptions,
): NamedMetric[] {
  const { where, ...everywhere } = view;
  const processor = new ViewProcessor({ views: [everywhere], slices: 1, maxSelections: options.maxSeries });
  atOnce(processor.take(measured, 0));
  const values = atOnce(
    processor.values(new WindowClock({ windowMillis: 1000, intervalMillis: 1000, startedAt: 0 })),
  );
  const isOfAgents = isOurs(measured) && selectsAgents(view, measured);
  return values
    .filter(({ output }) => output.spec.isForecast)
    .map(({ output, key }) => ({
      metric: output.metric,
      name: output.name,
      by: view.by,
      isPublished: output.isPublished,
      unit: output.unit,
      isOfAgent: isOurs(measured) ? key.labels.agent !== undefined : undefined,
      isOverAgents: isOfAgents && key.labels.agent === undefined && !OF_SYSTEM.has(output.name),
      otherLabels: Object.keys(key.labels).filter((label) => label !== "agent"),
      where,
      except: [],
      bounds: output.spec.bounds ?? {},
      threshold: thresholdOf(output, options.thresholds),
      horizons: view.horizons ?? options.horizons,
      isDailyTotal: output.spec.isDailyTotal ?? false,
    }));
}

/**
 * Of two views that give one series the first wins. The other completes it: its bounds, and whether it
 * is published.
 */
function firstOfEach(listed: readonly NamedMetric[], isGateway: boolean): ForecastMetric[] {
  const kept: ForecastMetric[] = [];
  listed.forEach(({ name: _, by, isPublished: __, ...entry }, index) => {
    const before = listed.slice(0, index).filter(({ metric }) => metric === entry.metric);
    if (before.some(({ where }) => where === undefined)) return;
    const same = listed.slice(index).filter(({ metric }) => metric === entry.metric);
    const isPublished = same.some((other) => other.isPublished && String(other.by) === String(by));
    kept.push({
      ...entry,
      except: before.flatMap(({ where }) => (where === undefined ? [] : [where])),
      bounds: same.find(({ bounds }) => isSet(bounds))?.bounds ?? {},
      origin: isGateway && !isPublished ? originOf({ ...entry, by }) : undefined,
    });
  });
  return kept;
}

/**
 * Thresholds on metrics that no view names: the default views of the application make these
 * metrics. A name that Prometheus does not know is left out: the unit of the instrument belongs to
 * its name in Prometheus, and is not known here.
 */
function onlyByName(
  listed: readonly NamedMetric[],
  options: ResolvedOptions,
  sources: readonly PrometheusSource[] | undefined,
): Catalogue {
  const known = new Set(listed.flatMap(({ metric, name }) => [metric, name]));
  const unknown = [...options.thresholds].filter(([name]) => !known.has(name));
  return {
    metrics: unknown
      .filter(([name]) => PROMETHEUS_NAME.test(name))
      .map(([metric, threshold]) => ({
        metric,
        unit: "",
        isOfAgent: undefined,
        isOverAgents: false,
        otherLabels: [],
        where: undefined,
        except: [],
        bounds: {},
        threshold,
        horizons: options.horizons,
        isDailyTotal: false,
        origin: isPublishedByName(metric, sources) ? undefined : metric,
      })),
    remarks: unknown
      .filter(([name]) => !PROMETHEUS_NAME.test(name))
      .map(
        ([name]) =>
          `the threshold of ${name}: this is a name of OpenTelemetry, and the Prometheus name depends on the unit of ` +
          "the instrument, which is not known here. Set the threshold by the name on /metrics",
      ),
  };
}

function selectsAgents(view: ForecastView, measured: readonly MeasuredMetric[]): boolean {
  const isSelected = compileAny(view.instruments);
  return measured.some(
    ({ name, points }) => isSelected(name) && points.some(({ labels }) => labels.agent !== undefined),
  );
}

function isSet(bounds: ForecastMetric["bounds"]): boolean {
  return bounds.lower !== undefined || bounds.upper !== undefined;
}

function isOurs(measured: readonly MeasuredMetric[]): boolean {
  return measured.every(({ scope }) => scope.startsWith(FORECAST_SCOPE));
}
