// A job that measures itself by a monitor of its own, and shuts it down when it is done.
import { PerformanceMonitor } from "otel-forecast";

const monitor = new PerformanceMonitor();
await monitor.start();
monitor.agent("job").task("rows", () => 42);
await monitor.shutdown();
console.log("job done");
