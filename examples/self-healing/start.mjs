/*
 * A supervisor agent keeps a real service alive, and a log keeper manages its files. Run with `npm start`.
 * SEED=n gives another course of events, RUN_SECONDS=n ends the run after n seconds.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PerformanceMonitor } from "otel-forecast";
import { startDisplay } from "./display.mjs";
import { LogKeeper } from "./log-keeper.mjs";
import { options } from "./options.mjs";
import { ServiceProcess } from "./service-process.mjs";
import { Supervisor } from "./supervisor.mjs";

/**
 * A seed with which everything happens within about a minute: a crash, a failed start, a hang, full
 * memory.
 */
const DEFAULT_SEED = 216476;
const seed = Number(process.env.SEED || DEFAULT_SEED);
const runMillis = 1000 * Number(process.env.RUN_SECONDS || 0);

const end = new AbortController();
const { signal } = end;
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => end.abort());
if (runMillis > 0) setTimeout(() => end.abort(), runMillis).unref();

const monitor = new PerformanceMonitor(options());
monitor.registerAction("replaceService", () => supervisor.replaceInTime());
await monitor.start();
console.log(`Metrics and forecasts: ${monitor.url === undefined ? "pushed only" : `${monitor.url}/metrics`}`);
console.log("A sample every second, forecasts 1 and 5 minutes ahead: the first are ready within a minute.");
console.log("The service leaks memory and dies now and then; its supervisor restarts it. Ctrl-C ends all.\n");

const folder = await mkdtemp(join(tmpdir(), "self-healing-"));
const service = new ServiceProcess({ seed, folder, signal });
const supervisor = new Supervisor({
  monitor,
  agentName: "self-healing",
  service,
  serviceName: "leaky-service",
});
const logKeeper = new LogKeeper({ monitor, agentName: "log-keeper", folder });
const stopDisplay = startDisplay(monitor);

try {
  await Promise.all([supervisor.run(signal), logKeeper.run(signal)]);
} finally {
  stopDisplay();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
  await monitor.shutdown();
}
console.log("Stopped: the service has ended and its files are gone.");
