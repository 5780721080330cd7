import { readFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

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

/** CPU time of all threads (in microseconds) and of ended child processes (in ticks of Linux). */
function cpuMillis() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenMillis();
}

function childrenMillis() {
  if (process.platform !== "linux") return 0;
  // After the name in brackets: cutime and cstime are the 14th and 15th fields, in ticks of 10 ms.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").slice(-1)[0].split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
