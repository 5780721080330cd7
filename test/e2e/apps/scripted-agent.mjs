// An agent with a load that is known to the last task, then silence: what is on /metrics afterwards is known as well.
import { PerformanceMonitor } from "otel-forecast";

const monitor = new PerformanceMonitor();
await monitor.start();

for (let i = 1; i <= 10; i++) {
  const success = i > 2;
  monitor.recordTaskResult({
    taskId: `plan-${i}`,
    agentName: "planner",
    taskType: "plan",
    success,
    executionTime: i / 10,
    ...(success ? {} : { errorType: "timeout" }),
  });
}
for (const recoveryTime of [2, 4]) {
  monitor.recordFailureRecovery({
    failureId: `crash-${recoveryTime}`,
    agentName: "planner",
    failureType: "crash",
    recoveryAction: "restart",
    recoveryTime,
    success: true,
  });
}
void monitor.agent("planner").task("watch", () => new Promise(() => {}));

// Instruments of the app's own: one for each way in which a unit or a type changes the name.
const meter = monitor.meterProvider.getMeter("shop");
meter.createCounter("shop.orders", { unit: "{order}" }).add(3, { "payment.kind": "card" });
meter.createHistogram("shop.order.duration", { unit: "s" }).record(0.25);
meter.createGauge("shop.battery", { unit: "%" }).record(71.5);
meter.createGauge("shop.saturation", { unit: "1" }).record(0.375);
meter.createGauge("shop.intake", { unit: "By/s" }).record(2048);
meter.createUpDownCounter("shop.carts", { unit: "1" }).add(4);

process.on("SIGTERM", async () => {
  await monitor.shutdown();
  process.exit();
});
setInterval(() => {}, 60_000);
console.log("load done");
