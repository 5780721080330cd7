import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { cpuMillis } from "./cpu-time.mjs";

/** Does nothing for a while and prints the CPU time that it used after everything had started. */
const settleMillis = 3000;
const idleMillis = Number(process.env.BENCH_LIFE_MILLIS);
await delay(settleMillis);
const before = cpuMillis();
await delay(idleMillis);
const cpuMillisPerSecond = (cpuMillis() - before) / (idleMillis / 1000);
process.once("exit", () => {
  writeSync(1, JSON.stringify({ cpuMillisPerSecond, residentMegabytes: process.memoryUsage.rss() / 1e6 }));
});
