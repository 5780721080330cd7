import { MetricsCollector } from "otel-forecast";

const collector = new MetricsCollector({
  port: Number(process.env.PORT ?? 9091),
  collectionIntervalMillis: 10_000,
});
await collector.start();

// Numbers from elsewhere: a hypervisor, a load balancer, another process.
collector.recordSystemMetrics({
  cpuUsage: 63.5,
  memoryUsage: 71.2,
  diskUsage: 48,
  networkIo: 1_250_000,
  latencyP50: 0.018,
  latencyP95: 0.24,
  latencyP99: 0.9,
  errorRate: 0.004,
  requestRate: 310,
  throughput: 308.8,
});
collector.recordAgentMetrics({
  agentName: "scaler",
  cpuUsage: 12.5,
  memoryUsage: 33,
  successRate: 0.97,
  failureRate: 0.03,
  latencyP50: 1.2,
  latencyP95: 4.8,
  latencyP99: 7.5,
  taskSuccessRate: 0.99,
  failureRecoveryTime: 21,
  resourceConsumption: { tokens: 48_200 },
  activeTasks: 2,
  completedTasks: 1480,
  failedTasks: 15,
});
// One impossible number: it is dropped and counted by reason. The rest of the record is kept.
collector.recordSystemMetrics({ cpuUsage: 250, throughput: 308.8 });

await collector.collect();
const text = await (await fetch(`${collector.url}/metrics`)).text();
const shown = [
  /^system_(cpu_usage_percent|latency_p95_seconds|request_rate|throughput) /,
  /^ai_cloud_(task_success_rate|completed_tasks_total|resource_consumption)\{/,
  /^forecast_ready\{.*"system_request_rate"/,
  /^forecast_skipped_total\{reason="out_of_range"/,
];
for (const line of text.split("\n")) if (shown.some((pattern) => pattern.test(line))) console.log(line);

await collector.shutdown();
