import { type IMetricReader, MeterProvider, type MetricProducer } from "@opentelemetry/sdk-metrics";
import { log } from "../../logging/component-logger.ts";
import { EndpointReader, type EndpointReaderOptions } from "../../prometheus/endpoint-reader.ts";
import { CollectionReader } from "../collection-reader.ts";
import { PreferredTemporality } from "./preferred-temporality.ts";

/** Private parts of an SDK `MeterProvider`, the same in the 2.x and 3.x lines. */
interface ProviderInternals {
  /** Only in the 1.x line, whose instruments a current reader cannot read. */
  readonly addMetricReader?: unknown;
  readonly _sharedState?: { readonly metricCollectors?: CollectorInternals[] };
}

interface CollectorInternals {
  _sharedState?: unknown;
  readonly _metricReader?: Pick<IMetricReader, "selectAggregationTemporality"> & {
    readonly _metricProducers?: MetricProducer[];
  };
}

/**
 * Whether a provider is one of OpenTelemetry SDK 2.x or 3.x. `instanceof` fails with several
 * copies.
 */
function canJoin(provider: unknown): boolean {
  try {
    const known = provider as ProviderInternals | undefined;
    return Array.isArray(known?._sharedState?.metricCollectors) && known.addMetricReader === undefined;
  } catch {
    return false;
  }
}

/**
 * Adds a reader to a meter provider of the application. It reads instruments that are created from
 * now on. The SDK has no public way to do this, so private parts are used if they are as expected.
 *
 * @returns `false` if they are not; an unsupported provider is logged.
 */
export function joinReader(provider: unknown, reader: IMetricReader): boolean {
  if (!canJoin(provider)) {
    log.warn(
      "the meter provider of the application is not from OpenTelemetry SDK 2.x or 3.x; its instruments are not observed",
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

/**
 * Adds our metrics to every exporter of a meter provider of the application, in the temporality that
 * the exporter prefers.
 *
 * @returns how many of these exporters push.
 */
export function joinProducer(provider: unknown, producer: MetricProducer): number {
  if (!canJoin(provider)) return 0;
  let pushing = 0;
  const collectors = (provider as ProviderInternals)._sharedState?.metricCollectors ?? [];
  for (const { _metricReader: reader } of collectors) {
    const producers = reader?._metricProducers;
    if (reader === undefined || reader instanceof CollectionReader) continue;
    if (!Array.isArray(producers) || producers.some((it) => isOf(it, producer))) continue;
    producers.push(new PreferredTemporality([producer], (type) => reader.selectAggregationTemporality(type)));
    if ("_exporter" in reader) pushing += 1;
  }
  return pushing;
}

function isOf(added: MetricProducer, producer: MetricProducer): boolean {
  return added instanceof PreferredTemporality && added.has(producer);
}

/**
 * A reader with which our endpoint shows the instruments of a meter provider of the application. With
 * the cardinality limit of our collection, both share what callbacks observe.
 */
export function joinScrapeReader(
  provider: unknown,
  options?: EndpointReaderOptions,
): IMetricReader | undefined {
  const reader: IMetricReader = new EndpointReader(options);
  return joinReader(provider, reader) ? reader : undefined;
}
