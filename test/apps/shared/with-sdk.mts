// Hands what this package gives to the SDK of an app beside what is the app's own, both ways, by nothing but their types.
import {
  type MeterProvider as ApiMeterProvider,
  metrics,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import {
  AggregationTemporality,
  type IMetricReader,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { forecastReaders, PerformanceMonitor } from "otel-forecast";
import type { SpanProcessor } from "sdk-trace";
import { work } from "./work.mjs";

const monitor = new PerformanceMonitor();
const producer: MetricProducer = monitor.metricProducer;
const processor: SpanProcessor = monitor.spanProcessor();
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const mine: IMetricReader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
const provider = new MeterProvider({
  readers: [mine, ...monitor.metricReaders()],
});

/** What the package takes its readers for takes the app's own as well. */
export const readers: ReturnType<typeof forecastReaders> = [mine];
export const producers: (typeof monitor.metricProducer)[] = [producer];
export const processors: ReturnType<typeof monitor.spanProcessor>[] = [processor];
export const meters = (one: PerformanceMonitor): ApiMeterProvider => one.meterProvider;
export const inOneLine = () => new MeterProvider({ readers: [mine, ...forecastReaders({ port: 0 })] });

/** @param tracerProviderOf by the class that this version of the SDK has for it. */
export async function run(tracerProviderOf: (processors: SpanProcessor[]) => TracerProvider): Promise<void> {
  metrics.setGlobalMeterProvider(provider);
  trace.setGlobalTracerProvider(tracerProviderOf([processor]));
  await monitor.start();
  await work(async () => {
    await provider.forceFlush();
    console.log(exportedNames().includes("ai_cloud.completed_tasks"), exportedNames().includes("app.units"));
    await Promise.all([provider.shutdown(), monitor.shutdown()]);
  });
}

function exportedNames(): string[] {
  return exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics: ofScope }) => ofScope)
    .map(({ descriptor }) => descriptor.name);
}
