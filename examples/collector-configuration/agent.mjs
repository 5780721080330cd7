// An agent that pushes to a Collector by OTLP, serves scrapes, or both: the environment decides.
import { setTimeout as delay } from "node:timers/promises";
import { PerformanceMonitor } from "otel-forecast";

const end = new AbortController();
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => end.abort());

const monitor = new PerformanceMonitor();
await monitor.start();
console.log(monitor.url === undefined ? "pushing" : `pushing, and at ${monitor.url}/metrics`);

const crawler = monitor.agent("crawler");
for (let page = 1; !end.signal.aborted; page += 1) {
  const fetchPage = async () => {
    await delay(20 + (page % 7) * 10);
    if (page % 25 === 0) throw Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });
  };
  await crawler.task("fetch_page", fetchPage).catch(() => {});
}
await monitor.shutdown();
console.log("pushed for the last time");
