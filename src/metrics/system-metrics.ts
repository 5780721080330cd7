import { gauge, percentiles } from "./own-metric.ts";

/** The metrics of the machine or container, and of the requests that the process serves. */
export const SYSTEM_METRICS = {
  cpuUsage: gauge("system.cpu.usage_percent", { unit: "%", description: "CPU in use" }),
  memoryUsage: gauge("system.memory.usage_percent", { unit: "%", description: "Memory in use" }),
  diskUsage: gauge("system.disk.usage_percent", {
    unit: "%",
    description: "Disk space in use in the working directory",
  }),
  networkIo: gauge("system.network.io_bytes_per_second", {
    description: "Bytes per second that the machine receives and sends",
  }),
  ...percentiles("system.latency", "of requests"),
  errorRate: gauge("system.error_rate", { description: "Share of requests that failed" }),
  requestRate: gauge("system.request_rate", { description: "Requests per second" }),
  throughput: gauge("system.throughput", { description: "Successful requests per second" }),
} as const;
