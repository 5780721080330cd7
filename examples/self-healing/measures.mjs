import { duration, percent, share } from "./format.mjs";

const SOON_SECONDS = 15;
export const LATER_SECONDS = 60;

/** The measures that are shown, in the words of the recommendations. */
export const measures = [
  {
    name: "memory use",
    metric: "ai_cloud_memory_usage_percent",
    agents: ["leaky-service"],
    horizonSeconds: SOON_SECONDS,
    show: percent,
    now: (_performance, service) => service.memoryUsage,
  },
  {
    name: "task success rate",
    metric: "ai_cloud_task_success_rate",
    horizonSeconds: LATER_SECONDS,
    show: share,
    now: ({ taskSuccessRate }) => taskSuccessRate,
  },
  {
    name: "p95 latency",
    metric: "ai_cloud_latency_p95_seconds",
    horizonSeconds: LATER_SECONDS,
    show: duration,
    now: ({ latencyP95 }) => latencyP95,
  },
  {
    name: "recovery time",
    metric: "ai_cloud_failure_recovery_time_seconds",
    horizonSeconds: LATER_SECONDS,
    show: duration,
    now: ({ averageRecoveryTime }) => averageRecoveryTime,
  },
];
