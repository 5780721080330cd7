import { InstrumentType, type MetricDescriptor } from "@opentelemetry/sdk-metrics";
import { kindOfError } from "../../core/error-type.ts";
import { log } from "../../logging/component-logger.ts";
import { type Aggregator, SketchedHistogram } from "../sketched-histogram.ts";

/** Private parts of the SDK: how the values of an instrument are aggregated for a reader. */
interface Aggregation {
  createAggregator(instrument: MetricDescriptor): Aggregator;
}

type Selected = [collector: unknown, aggregation: Aggregation];

interface Storage {
  readonly _instrumentDescriptor: { readonly type: InstrumentType };
  readonly _temporalMetricStorage?: { readonly _unreportedAccumulations?: Map<unknown, unknown[]> };
}

interface Meter {
  readonly meter: { createHistogram(name: string): { record(value: number): void } };
  readonly metricStorageRegistry: {
    readonly _perCollectorRegistry: ReadonlyMap<unknown, ReadonlyMap<string, readonly Storage[]>>;
    registerForCollector(collector: unknown, storage: Storage): void;
    getStorages(collector: unknown): readonly Storage[];
  };
}

/** Private parts of the SDK: what the meters and readers of a provider share. The same in 2.x and 3.x. */
export interface ProviderState {
  readonly resource: unknown;
  readonly metricCollectors: unknown[];
  readonly meterSharedStates: ReadonlyMap<unknown, Meter>;
  selectAggregations(type: InstrumentType): Selected[];
  getMeterSharedState(scope: { name: string }): Meter;
}

/** The parts of the SDK that stand for our two readers. */
export interface OurCollectors {
  /** Of our collection. */
  readonly tick: unknown;
  /** Of our endpoint. */
  readonly scrape: unknown;
}

const RECORDING: ReadonlySet<InstrumentType> = new Set([
  InstrumentType.HISTOGRAM,
  InstrumentType.COUNTER,
  InstrumentType.UP_DOWN_COUNTER,
  InstrumentType.GAUGE,
]);

/**
 * Lets our two readers of a meter provider of the application share storages, as those of our own
 * provider do: an instrument that records gets one storage for both. It has the buckets that the
 * endpoint shows, and sketches for our collection. Readers of the application keep their own.
 *
 * @returns `false` if the SDK is another than expected. Then each reader has storages of its own.
 */
export function shareStorages(state: ProviderState, ours: OurCollectors): boolean {
  if (!isKnown(state)) return false;
  share(state, ours);
  return true;
}

function share(state: ProviderState, { tick, scrape }: OurCollectors): { adopt(): void } {
  const select = state.selectAggregations;
  const adopt = (): void => {
    for (const { metricStorageRegistry: registry } of state.meterSharedStates.values())
      for (const storages of registry._perCollectorRegistry.get(scrape)?.values() ?? [])
        for (const storage of storages) {
          const { _instrumentDescriptor: descriptor, _temporalMetricStorage: temporal } = storage;
          const unreported = temporal?._unreportedAccumulations;
          if (!RECORDING.has(descriptor.type) || unreported === undefined || unreported.has(tick)) continue;
          unreported.set(tick, [...(unreported.get(scrape) ?? [])]);
          registry.registerForCollector(tick, storage);
        }
  };
  const adoptSoon = oncePerTurn(adopt);
  state.selectAggregations = (type) => {
    const selected = select.call(state, type);
    if (!RECORDING.has(type)) return selected;
    return selected
      .filter(([collector]) => collector !== tick)
      .map(([collector, aggregation]) =>
        collector === scrape ? [collector, shared(aggregation, type, adoptSoon)] : [collector, aggregation],
      );
  };
  return { adopt };
}

/** The storage exists when the call of the application that creates it has ended. */
function shared(aggregation: Aggregation, type: InstrumentType, adoptSoon: () => void): Aggregation {
  return {
    createAggregator: (instrument) => {
      adoptSoon();
      const aggregator = aggregation.createAggregator(instrument);
      return type === InstrumentType.HISTOGRAM ? new SketchedHistogram(aggregator) : aggregator;
    },
  };
}

/**
 * Runs something after the code that runs now, once however often it is asked for: an application
 * creates its instruments together. An error would end the process. So it is logged, and nothing is run
 * any more.
 */
function oncePerTurn(work: () => void): () => void {
  let isQueued = false;
  return () => {
    if (isQueued) return;
    isQueued = true;
    queueMicrotask(() => {
      try {
        work();
        isQueued = false;
      } catch (error) {
        log.error(`new instruments of the application are not forecast: ${kindOfError(error)}`);
      }
    });
  };
}

/** Tries it with a state of the same class that belongs to no provider. */
function isKnown(state: ProviderState): boolean {
  try {
    const trial: ProviderState = Reflect.construct(state.constructor, [state.resource]);
    const [tick, scrape] = [trialReader(), trialReader()];
    trial.metricCollectors.push(tick, scrape);
    const { adopt } = share(trial, { tick, scrape });
    const { meter, metricStorageRegistry: registry } = trial.getMeterSharedState({ name: "trial" });
    meter.createHistogram("trial").record(1);
    adopt();
    const [storages, same] = [registry.getStorages(scrape), registry.getStorages(tick)];
    return storages.length === 1 && same.length === 1 && storages[0] === same[0];
  } catch {
    return false;
  }
}

function trialReader() {
  return {
    selectAggregation: () => ({ type: 0 }),
    selectCardinalityLimit: () => 2000,
  };
}
