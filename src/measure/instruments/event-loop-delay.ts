import type {
  BatchObservableCallback,
  Meter,
  MeterProvider,
  MetricOptions,
  Observable,
  ObservableGauge,
} from "@opentelemetry/api";

/** How often the delay of the event loop is looked at. Node wakes up for each look: at 10 ms that is half a percent of a CPU. */
export const RESOLUTION_MILLIS = 100;
/** The default of Node and of instrumentations, by which the numbers are known. */
const USUAL_RESOLUTION_MILLIS = 10;

const DELAYS = /^nodejs\.eventloop\.delay\.(min|max|mean|p\d+)$/;

/**
 * A meter provider for `@opentelemetry/instrumentation-runtime-node` that looks at the event loop less often than usual. A
 * delay as Node measures it holds the time between two looks; it is given as it would be with the usual one.
 */
export function withUsualDelays(provider: MeterProvider): MeterProvider {
  return { getMeter: (...which) => meterWithUsualDelays(provider.getMeter(...which)) };
}

function meterWithUsualDelays(meter: Meter): Meter {
  const delays = new Set<Observable>();
  const createObservableGauge = (name: string, options?: MetricOptions): ObservableGauge => {
    const gauge = meter.createObservableGauge(name, options);
    if (DELAYS.test(name)) delays.add(gauge);
    return gauge;
  };
  const addBatchObservableCallback = (callback: BatchObservableCallback, observables: Observable[]): void =>
    meter.addBatchObservableCallback(
      (result) =>
        callback({
          observe: (observable, value, attributes) =>
            result.observe(observable, delays.has(observable) ? usual(value) : value, attributes),
        }),
      observables,
    );
  return Object.create(meter, {
    createObservableGauge: { value: createObservableGauge },
    addBatchObservableCallback: { value: addBatchObservableCallback },
  });
}

function usual(seconds: number): number {
  return Math.max(0, seconds - (RESOLUTION_MILLIS - USUAL_RESOLUTION_MILLIS) / 1000);
}
