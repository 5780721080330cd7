import { metrics } from "@opentelemetry/api";

/** Starts a monitor in code, where the app is not started with the plugin. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.IN_CODE === undefined) return;
  const { PerformanceMonitor } = await import("otel-forecast");
  const monitor = new PerformanceMonitor();
  metrics.setGlobalMeterProvider(monitor.meterProvider);
  await monitor.start();
}
