// An app that starts a monitor itself, and shuts it down.
import { PerformanceMonitor } from "otel-forecast";
import { seen } from "./shared/seen.mjs";

const monitor = new PerformanceMonitor();
await monitor.start();
const units = monitor.meterProvider.getMeter("app").createCounter("app.units");
for (let unit = 0; unit < Number(process.env.UNITS); unit += 1) {
  await monitor.agent("planner").task("plan", async () => "a plan");
  units.add(1);
}
await seen();
await monitor.shutdown();
console.log("ENDED");
