// The same of a CommonJS module, which has declarations of its own.
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { forecastReaders, instrument, PerformanceMonitor } from "otel-forecast";
import type { SpanProcessor } from "sdk-trace";

const monitor = new PerformanceMonitor({ port: 0 });

export const provider = new MeterProvider({ readers: [...forecastReaders(), ...monitor.metricReaders()] });
export const processor: SpanProcessor = monitor.spanProcessor();
export const steps: Promise<number> = instrument("planner", { plan: async () => 1 }).plan();
