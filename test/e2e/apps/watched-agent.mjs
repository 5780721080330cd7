// An agent whose queue is beyond its threshold, one whose name is hostile, and many small series.
import { PerformanceMonitor } from "otel-forecast";

const HOSTILE = '<img src=x onerror="document.title=1">"\'\u202eevil\u0000</script><script>alert(1)</script>';
const MANY = Number(process.env.MANY ?? 60);

const monitor = new PerformanceMonitor({
  collectionIntervalMillis: 500,
  horizons: ["10s", "1m"],
  windowMillis: 10_000,
  thresholds: { queue_size: { above: 8 } },
  alerts: [{ name: "OrdersWait", metric: "queue_size", threshold: { above: 8 }, horizon: "1m", on: "level" }],
  views: [
    {
      instruments: ["queue.size", "small"],
      by: ["queue", "number"],
      outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
    },
  ],
});
await monitor.start();
const meter = monitor.meterProvider.getMeter("app");
const [size, small] = [meter.createGauge("queue.size"), meter.createGauge("small")];
let tick = 0;
setInterval(() => {
  tick += 1;
  size.record(10 + 0.25 * tick + 4 * Math.sin(tick / 3), { queue: "orders" });
  size.record(5 + Math.sin(tick / 2), { queue: HOSTILE });
  size.record(3, { queue: "x".repeat(500) });
  for (let number = 0; number < MANY; number += 1)
    small.record(number + Math.sin(tick / 5), { number: String(number) });
  monitor.recordTaskResult({
    taskId: String(tick),
    agentName: "planner",
    taskType: "plan",
    success: true,
    executionTime: 0.1,
  });
}, 250);
console.log("ready");
