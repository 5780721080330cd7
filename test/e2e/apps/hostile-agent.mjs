// An agent that records everything that an app should not: what can be shown of it has to arrive all the same.
import { PerformanceMonitor } from "otel-forecast";

const monitor = new PerformanceMonitor();
await monitor.start();

const cyclic = {};
cyclic.self = cyclic;
const names = [
  'quote"',
  "back\\slash",
  "line\nfeed",
  "Überwacher",
  "\ud800 lone",
  "__proto__",
  "",
  cyclic,
  12n,
  null,
];
for (const agentName of names) {
  const task = {
    taskId: String(Math.random()),
    agentName,
    taskType: "probe",
    success: true,
    executionTime: 0.5,
  };
  monitor.recordTaskResult(task);
  monitor.recordAgentMetrics({ agentName, cpuUsage: 12.5, memoryUsage: Number.NaN, latencyP95: -1 });
}
for (const executionTime of [Number.NaN, Number.POSITIVE_INFINITY, -1, "soon"]) {
  monitor.recordTaskResult({
    taskId: "t",
    agentName: "fine",
    taskType: "probe",
    success: true,
    executionTime,
  });
}
monitor.recordTaskResult({
  taskId: "u",
  agentName: "fine",
  taskType: "probe",
  success: true,
  executionTime: 0.5,
});

const meter = monitor.meterProvider.getMeter("hostile");
const keys = {
  "a.b": "dot",
  a_b: "underscore",
  "1x": "digit",
  "": "empty",
  "otel.scope.name": "scope",
  le: "bound",
};
const attributes = Object.assign(Object.create(null), keys, {
  ["__proto__"]: "proto",
  __name__: "name",
  job: "mine",
});
meter.createCounter("hostile.keys").add(1, attributes);
meter.createHistogram("hostile.durations", { unit: "s" }).record(0.5, attributes);
meter.createGauge("hostile.value").record(Number.NaN);
meter.createGauge("hostile.clash").record(1);
meter.createCounter("hostile.clash_total").add(1);
meter.createCounter("hostile.clash").add(2);
monitor.meterProvider.getMeter("another").createCounter("hostile.keys").add(5, attributes);

process.on("SIGTERM", async () => {
  await monitor.shutdown();
  process.exit();
});
setInterval(() => {}, 60_000);
console.log("load done");
