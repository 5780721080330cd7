/*
 * Shows the effect of acting on the forecast. Two supervisors keep the same service alive at the same
 * time, with the same seed. Only one replaces it when its memory is forecast to run out. A client
 * calls both ten times a second.
 *
 *     npm exec -- node examples/self-healing/compare.mjs            SEED=n, RUN_SECONDS=n (120)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PerformanceMonitor } from "otel-forecast";
import { options } from "./options.mjs";
import { ServiceProcess } from "./service-process.mjs";
import { Supervisor } from "./supervisor.mjs";

const LOOK_EVERY_MILLIS = 100;
const PATIENCE_MILLIS = 400;
const seed = Number(process.env.SEED || 168248);
const runSeconds = Number(process.env.RUN_SECONDS || 120);

/**
 * Counts the outages that a client of the service sees, and their duration, from its first answer
 * on.
 */
async function look(service, signal) {
  const seen = { outages: 0, downMillis: 0 };
  let since;
  let hasAnswered = false;
  while (!signal.aborted) {
    const at = performance.now();
    const isUp = await fetch(service.url, { signal: AbortSignal.timeout(PATIENCE_MILLIS) })
      .then((response) => response.arrayBuffer())
      .then(
        () => true,
        () => false,
      );
    hasAnswered ||= isUp;
    if (!isUp && hasAnswered && since === undefined) {
      since = at;
      seen.outages += 1;
    }
    if (isUp && since !== undefined) {
      seen.downMillis += at - since;
      since = undefined;
    }
    await delay(LOOK_EVERY_MILLIS);
  }
  if (since !== undefined) seen.downMillis += performance.now() - since;
  return seen;
}

/** Supervises the service during the run. Returns its outages and how often it was replaced. */
async function supervise(acts) {
  const folder = await mkdtemp(join(tmpdir(), "self-healing-"));
  const end = new AbortController();
  const monitor = new PerformanceMonitor({ ...options(), exporters: [] });
  const service = new ServiceProcess({ seed, folder, signal: end.signal });
  const supervisor = new Supervisor({
    monitor,
    agentName: "self-healing",
    service,
    serviceName: "leaky-service",
  });
  monitor.registerAction("replaceService", async (alert) => {
    if (acts) await supervisor.replaceInTime(alert);
  });
  await monitor.start();
  const work = supervisor.run(end.signal);
  setTimeout(() => end.abort(), runSeconds * 1000);
  const seen = await look(service, end.signal);
  await work;
  await service.stop();
  await monitor.shutdown();
  await rm(folder, { recursive: true, force: true });
  return { ...seen, replaced: supervisor.replacedInTime };
}

console.log(`The same service under the same seed (${seed}) for ${runSeconds} s, twice:`);
const [without, withAction] = await Promise.all([supervise(false), supervise(true)]);
for (const [name, { outages, downMillis, replaced }] of Object.entries({
  "without the action": without,
  "with the action": withAction,
})) {
  const down = (downMillis / 1000).toFixed(1);
  console.log(`${name}: ${outages} outages, ${down} s down, replaced in time ${replaced} times`);
}
