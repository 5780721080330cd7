import { setTimeout as delay } from "node:timers/promises";

/** Does nothing for a while and says how much CPU time went by meanwhile, once all had come up. */
const settleMillis = 3000;
const idleMillis = Number(process.env.BENCH_IDLE_MILLIS);
await delay(settleMillis);
const before = process.cpuUsage();
await delay(idleMillis);
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    cpuMillisPerSecond: (user + system) / 1000 / (idleMillis / 1000),
    residentMegabytes: process.memoryUsage.rss() / 1e6,
  }),
);
