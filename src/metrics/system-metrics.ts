import { gauge, percentiles } from "./own-metric.ts";

/** Metrics of the machine or container, and of the requests that the process serves. */
export const SYSTEM_METRICS = {
  cpuUsage: gauge("system.cpu.usage_percent", { unit: "%", description: "CPU in use" }),
  memoryUsage: gauge("system.memory.usage_percent", { unit: "%", description: "Memory in use" }),
  diskUsage: gauge("system.disk.usage_percent", {
    unit: "%",
    description: "Space in use where the process works",
  }),
  networkIo: gauge("system.network.io_bytes_per_second", {
    description: "Bytes a second in and out of the machine",
  }),
  ...percentiles("system.latency", "of requests"),
  errorRate: gauge("system.error_rate", { description: "Share of requests that failed" }),
  requestRate: gauge("system.request_rate", { description: "Requests a second" }),
  throughput: gauge("system.throughput", { description: "Requests a second that succeeded" }),
} as const;
