import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { childrenMillis } from "./cpu-time.mjs";
import { TurnWatch } from "./turns.mjs";

/**
 * A host with so much resident memory. Prints the longest turn of its event loop in each second, and the CPU time of
 * its child processes.
 */
const settleMillis = 3000;
const filled = Buffer.alloc(Number(process.env.BENCH_FILL_MEGABYTES) * 1e6, 1);
await delay(settleMillis);
const childrenBefore = childrenMillis();
const turns = new TurnWatch();
const longest = [];
const seconds = Number(process.env.BENCH_LIFE_MILLIS) / 1000;
for (let second = 0; second < seconds; second += 1) {
  await delay(1000);
  longest.push(await turns.takeLongest());
}
turns.stop();
longest.sort((one, other) => one - other);
process.once("exit", () => {
  writeSync(
    1,
    JSON.stringify({
      usualTurnMillis: longest[longest.length >> 1],
      longestTurnMillis: longest.at(-1),
      childrenMillis: (childrenMillis() - childrenBefore) / seconds,
      filledBytes: filled.length,
      residentMegabytes: process.memoryUsage.rss() / 1e6,
    }),
  );
});
