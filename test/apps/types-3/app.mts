import { NodeSDK } from "@opentelemetry/sdk-node";
import { forecastReaders, type PerformanceMonitor } from "otel-forecast";
import { TracerProvider } from "sdk-trace";
import { processors, readers, run } from "./shared/with-sdk.mts";

export const sdk = (monitor: PerformanceMonitor) =>
  new NodeSDK({
    metricReaders: [...readers, ...forecastReaders(), ...monitor.metricReaders()],
    spanProcessors: [...processors, monitor.spanProcessor()],
  });

await run((spanProcessors) => new TracerProvider({ spanProcessors }));
