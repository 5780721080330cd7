import type { Resource } from "@opentelemetry/resources";
import {
  AggregationType,
  type IMetricReader,
  InstrumentType,
  MeterProvider,
  type MetricDescriptor,
} from "@opentelemetry/sdk-metrics";
import { CollectionReader } from "./collection-reader.ts";
import { type Aggregator, SketchedHistogram } from "./sketched-histogram.ts";

/** Instruments that record. Others are observed, by each reader for itself. */
const RECORDING = [
  InstrumentType.HISTOGRAM,
  InstrumentType.COUNTER,
  InstrumentType.UP_DOWN_COUNTER,
  InstrumentType.GAUGE,
];

/** Private parts of a view of the SDK that is built into this package. */
interface View {
  aggregation: { createAggregator(instrument: MetricDescriptor): Aggregator };
  attributesProcessor: unknown;
}

interface ProviderInternals {
  readonly _sharedState?: { readonly viewRegistry?: { readonly _registeredViews?: View[] } };
}

/**
 * Our meter provider. Its readers share one storage for each instrument that records: an
 * application pays for one, as with one exporter. The SDK has a storage for each reader, and hashes
 * the attributes of a value for each.
 *
 * @param options.maxAttributeSets the cardinality limit of each instrument.
 */
export function sharedProvider(options: {
  resource: Resource;
  readers: IMetricReader[];
  maxAttributeSets: number;
}): MeterProvider {
  const { resource, readers, maxAttributeSets } = options;
  const views = RECORDING.map((instrumentType) => ({
    instrumentType,
    aggregationCardinalityLimit: maxAttributeSets,
  }));
  const isKnownSdk = viewsOf(new MeterProvider({ views })).every(isKnownView);
  if (!isKnownSdk || !readers.every(canShare)) return new MeterProvider({ resource, readers });
  const provider = new MeterProvider({ resource, readers, views });
  for (const [index, view] of viewsOf(provider).entries()) {
    // Otherwise the SDK reads the context at each value, for a processor that changes nothing.
    view.attributesProcessor = undefined;
    if (RECORDING[index] === InstrumentType.HISTOGRAM) addSketches(view);
  }
  for (const reader of readers) if (reader instanceof CollectionReader) reader.shareStorages("with all");
  return provider;
}

function addSketches(view: View): void {
  const { aggregation } = view;
  view.aggregation = {
    createAggregator: (instrument) => new SketchedHistogram(aggregation.createAggregator(instrument)),
  };
}

/** The views of a provider. If the SDK is another than expected, `undefined` is among them. */
function viewsOf(provider: MeterProvider): View[] {
  const views = (provider as unknown as ProviderInternals)._sharedState?.viewRegistry?._registeredViews;
  return RECORDING.map((_, index) => views?.[index] as View);
}

function isKnownView(view: View | undefined): boolean {
  return typeof view?.aggregation?.createAggregator === "function" && "attributesProcessor" in view;
}

/** A reader that exports histograms in another way than the application asked for needs its own. */
function canShare(reader: IMetricReader): boolean {
  if (reader instanceof CollectionReader) return true;
  return reader.selectAggregation(InstrumentType.HISTOGRAM).type === AggregationType.DEFAULT;
}
