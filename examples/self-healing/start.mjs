/*
 * A supervisor agent keeps a real service alive, and a log keeper manages its files. Run with `npm start`.
 * SEED=n gives another course of events, RUN_SECONDS=n ends the run after n seconds.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PerformanceMonitor } from "otel-forecast";
import { Display } from "./display.mjs";
import { LogKeeper } from "./log-keeper.mjs";
import { options } from "./options.mjs";
import { ServiceProcess } from "./service-process.mjs";
import { Supervisor } from "./supervisor.mjs";
import { summaryText } from "./telling.mjs";

/**
 * A seed with which everything happens within about a minute: a crash, a failed start, a hang, and
 * memory that would run out.
 */
const DEFAULT_SEED = 168248;
const seed = Number(process.env.SEED || DEFAULT_SEED);
const runMillis = 1000 * Number(process.env.RUN_SECONDS || 0);

const end = new AbortController();
const { signal } = end;
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => end.abort());
if (runMillis > 0) setTimeout(() => end.abort(), runMillis).unref();

const monitor = new PerformanceMonitor(options());
monitor.registerAction("replaceService", (alert) => supervisor.replaceInTime(alert));
await monitor.start();
console.log(`Metrics and forecasts: ${monitor.url === undefined ? "pushed only" : `${monitor.url}/metrics`}`);
console.log(
  "leaky-service leaks memory, crashes and hangs. self-healing, its supervisor, restarts it after an",
);
console.log("outage, and replaces it when its memory is forecast to pass its limit. Ctrl-C ends all.\n");

const folder = await mkdtemp(join(tmpdir(), "self-healing-"));
const service = new ServiceProcess({ seed, folder, signal });
const display = new Display({ monitor, service });
const supervisor = new Supervisor({
  monitor,
  agentName: "self-healing",
  service,
  serviceName: "leaky-service",
  tell: (text) => display.log(text),
});
const logKeeper = new LogKeeper({ monitor, agentName: "log-keeper", folder });
display.start();

try {
  await Promise.all([supervisor.run(signal), logKeeper.run(signal)]);
} finally {
  display.stop();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
  await monitor.shutdown();
}
console.log(summaryText(supervisor));
console.log("Stopped: the service has ended and its files are gone.");
