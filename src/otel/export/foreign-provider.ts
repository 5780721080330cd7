import { type IMetricReader, MeterProvider, type MetricProducer } from "@opentelemetry/sdk-metrics";
import { log } from "../../logging/component-logger.ts";
import { EndpointReader } from "../../prometheus/endpoint-reader.ts";
import { CollectionReader } from "../collection-reader.ts";

/** The parts of an SDK `MeterProvider` that have no public name; the same in the 2.x and 3.x lines. */
interface ProviderInternals {
  /** Of the 1.x line, gone since: its instruments can't be read by a reader of today. */
  readonly addMetricReader?: unknown;
  readonly _sharedState?: { readonly metricCollectors?: CollectorInternals[] };
}

interface CollectorInternals {
  _sharedState?: unknown;
  readonly _metricReader?: { readonly _metricProducers?: MetricProducer[] };
}

/** Whether a provider is one of an OpenTelemetry SDK 2.x or 3.x. `instanceof` would fail across copies. */
function canJoin(provider: unknown): boolean {
  try {
    const known = provider as ProviderInternals | undefined;
    return Array.isArray(known?._sharedState?.metricCollectors) && known.addMetricReader === undefined;
  } catch {
    return false;
  }
}

/**
 * Makes a reader read a meter provider that somebody else has built: instruments that it creates from now on are
 * seen. The SDK has no public way to add a reader, so this is guarded; `false` when the provider is not as expected.
 */
export function joinReader(provider: unknown, reader: IMetricReader): boolean {
  if (!canJoin(provider)) {
    log.warn(
      "the meter provider of the application is not one of OpenTelemetry SDK 2.x or 3.x; its instruments are not observed",
    );
    return false;
  }
  const target = (provider as ProviderInternals)._sharedState;
  const carrier = new MeterProvider({ readers: [reader] }) as unknown as ProviderInternals;
  const collector = carrier._sharedState?.metricCollectors?.[0];
  if (collector === undefined || target?.metricCollectors === undefined) return false;
  collector._sharedState = target;
  target.metricCollectors.push(collector);
  return true;
}

/** Gives our metrics to every exporter of a provider that somebody else has built; says how many of them push. */
export function joinProducer(provider: unknown, producer: MetricProducer): number {
  if (!canJoin(provider)) return 0;
  let pushing = 0;
  const collectors = (provider as ProviderInternals)._sharedState?.metricCollectors ?? [];
  for (const { _metricReader: reader } of collectors) {
    const producers = reader?._metricProducers;
    if (reader === undefined || reader instanceof CollectionReader) continue;
    if (!Array.isArray(producers) || producers.includes(producer)) continue;
    producers.push(producer);
    if ("_exporter" in reader) pushing += 1;
  }
  return pushing;
}

/** A reader for our endpoint that shows the instruments of a provider that somebody else has built. */
export function joinScrapeReader(provider: unknown): IMetricReader | undefined {
  const reader: IMetricReader = new EndpointReader();
  return joinReader(provider, reader) ? reader : undefined;
}
