import { emptyResource } from "@opentelemetry/resources";
import { MeterProvider, type MetricProducer } from "@opentelemetry/sdk-metrics";
import type { ForecastOptions } from "../../src/config/options.ts";
import { resolveOptions } from "../../src/config/resolve-options.ts";
import type { Labels } from "../../src/core/series-key.ts";
import type { Surroundings } from "../../src/measure/surroundings.ts";
import { prometheusName } from "../../src/prometheus/metric-name.ts";
import { ForecastPipeline, type PipelineScope } from "../../src/run/forecast-pipeline.ts";
import type { SystemSample } from "../../src/system/system-sampler.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 0, 1);

interface Timer {
  readonly callback: () => void;
  readonly millis: number;
  unref(): void;
}

/** Surroundings whose clock, timers and machine are set by hand. */
export class World implements Surroundings {
  readonly resource = emptyResource();
  readonly serviceName = "service";
  readonly environment: NodeJS.ProcessEnv = {};
  readonly set = new Set<Timer>();
  millis = START;
  sampled: SystemSample = {
    cpuPercent: 25,
    memoryPercent: 50,
    processCpuPercent: 5,
    processMemoryPercent: 7,
  };
  sampling: () => Promise<SystemSample> = async () => this.sampled;
  readonly timers = {
    setInterval: (callback: () => void, millis: number): Timer => {
      const timer = { callback, millis, unref: () => {} };
      this.set.add(timer);
      return timer;
    },
    clearInterval: (timer: unknown): void => {
      this.set.delete(timer as Timer);
    },
  };
  heap: number | undefined = 12;
  readonly heapPercent = (): number | undefined => this.heap;
  now = (): number => this.millis;
  readonly elapsedMillis = (): number => this.millis;
  readonly uptimeMillis = (): number => this.millis;
  readonly cpuMillis = (): number => 0;
  readonly threadCpuMillis = (): number => this.millis;
  readonly pause = async (): Promise<void> => {};
  readonly sample = (): Promise<SystemSample> => this.sampling();
}

export interface Shown {
  readonly labels: Labels;
  readonly value: unknown;
}

/** What a producer shows, by the Prometheus names of its metrics. */
export async function shownBy(producer: MetricProducer): Promise<Map<string, Shown[]>> {
  const { resourceMetrics } = await producer.collect();
  const shown = new Map<string, Shown[]>();
  for (const { metrics } of resourceMetrics.scopeMetrics) {
    for (const { descriptor, dataPoints, ...metric } of metrics) {
      const type = "isMonotonic" in metric && metric.isMonotonic ? "counter" : "gauge";
      const name = prometheusName({ name: descriptor.name, unit: descriptor.unit, type });
      const points = dataPoints.map(({ attributes, value }) => ({ labels: attributes as Labels, value }));
      shown.set(name, [...(shown.get(name) ?? []), ...points]);
    }
  }
  return shown;
}

/**
 * A pipeline in a world of its own, and its metrics under their Prometheus names. By default it
 * uses the cheapest method and a horizon of one minute.
 */
export class Harness {
  readonly world: World;
  readonly pipeline: ForecastPipeline;

  constructor(
    options: ForecastOptions = {},
    world = new World(),
    configuration = "",
    warn = (message: string): void => {
      throw new Error(message);
    },
    scope: PipelineScope = {},
  ) {
    this.world = world;
    const resolved = resolveOptions(
      { method: "naive", horizons: ["1m"], ...options },
      {
        environment: {},
        readFile: () => configuration,
        warn,
      },
    );
    this.pipeline = new ForecastPipeline(resolved, world, scope);
  }

  /** Lets collection intervals pass. Each ends with a collection. */
  async ticks(count = 1, before: (tick: number) => void = () => {}): Promise<void> {
    for (let tick = 0; tick < count; tick += 1) {
      before(tick);
      this.world.millis += this.pipeline.options.collectionIntervalMillis;
      await this.pipeline.collect();
      await this.pipeline.history?.idle;
    }
  }

  /** A meter of the application, whose instruments are collected. */
  application(views: ConstructorParameters<typeof MeterProvider>[0] = {}): MeterProvider {
    const reader = this.pipeline.readers.newReader();
    const provider = new MeterProvider({ ...views, readers: [reader] });
    this.pipeline.readers.add(reader);
    return provider;
  }

  /** All published metrics by Prometheus name. */
  shown(): Promise<Map<string, Shown[]>> {
    return shownBy(this.pipeline.producer);
  }

  /**
   * The value of the one series with this name and at least these labels; `undefined` if there is
   * none.
   */
  async value(name: string, labels: Labels = {}): Promise<number | undefined> {
    const points = ((await this.shown()).get(name) ?? []).filter(({ labels: own }) =>
      Object.entries(labels).every(([key, value]) => own[key] === value),
    );
    if (points.length > 1) throw new Error(`${points.length} series of ${name}${JSON.stringify(labels)}`);
    return points[0]?.value as number | undefined;
  }

  /** Names of all metrics that have a series with this label. */
  async namesWith(label: string, value: string): Promise<string[]> {
    return [...(await this.shown())]
      .filter(([, points]) => points.some(({ labels }) => labels[label] === value))
      .map(([name]) => name)
      .sort();
  }
}
