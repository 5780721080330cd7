import { type IMetricReader, MeterProvider, type MetricProducer } from "@opentelemetry/sdk-metrics";
import { log } from "../../logging/component-logger.ts";
import { EndpointReader } from "../../prometheus/endpoint-reader.ts";
import { CollectionReader } from "../collection-reader.ts";
import { type ProviderState, shareStorages } from "./joined-storages.ts";
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
  return join(provider, [reader]) !== undefined;
}

/**
 * Adds our collection and our endpoint to a meter provider of the application, as `joinReader` does.
 * They share the storages of instruments that record where the SDK is as expected.
 */
export function joinReaders(provider: unknown, tick: CollectionReader, scrape: EndpointReader): boolean {
  const joined = join(provider, [tick, scrape]);
  if (joined === undefined) return false;
  const [ofTick, ofScrape] = joined.collectors;
  if (shareStorages(joined.state as ProviderState, { tick: ofTick, scrape: ofScrape }))
    tick.shareStorages("with endpoint");
  return true;
}

function join(
  provider: unknown,
  readers: IMetricReader[],
): { readonly state: unknown; readonly collectors: readonly unknown[] } | undefined {
  if (!canJoin(provider)) {
    log.warn(
      "the meter provider of the application is not from OpenTelemetry SDK 2.x or 3.x; its instruments are not observed",
    );
    return undefined;
  }
  const state = (provider as ProviderInternals)._sharedState;
  const carrier = new MeterProvider({ readers }) as unknown as ProviderInternals;
  const collectors = carrier._sharedState?.metricCollectors;
  if (collectors?.length !== readers.length || state?.metricCollectors === undefined) return undefined;
  for (const collector of collectors) collector._sharedState = state;
  state.metricCollectors.push(...collectors);
  return { state, collectors };
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
    // Our endpoint has our metrics already.
    const isOurs = reader instanceof CollectionReader || reader instanceof EndpointReader;
    if (reader === undefined || isOurs) continue;
    if (!Array.isArray(producers) || producers.some((it) => isOf(it, producer))) continue;
    producers.push(new PreferredTemporality([producer], (type) => reader.selectAggregationTemporality(type)));
    if ("_exporter" in reader) pushing += 1;
  }
  return pushing;
}

function isOf(added: MetricProducer, producer: MetricProducer): boolean {
  return added instanceof PreferredTemporality && added.has(producer);
}
