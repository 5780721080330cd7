import { writeSync } from "node:fs";

/**
 * Does nothing for a while. Prints at its end when its first line ran and how much memory it uses.
 */
const firstLineAt = performance.timeOrigin + performance.now();
const lifeMillis = Number(process.env.BENCH_LIFE_MILLIS);
if (lifeMillis > 0) setTimeout(() => {}, lifeMillis);
process.once("exit", () => {
  const residentMegabytes = process.memoryUsage.rss() / 1e6;
  writeSync(1, JSON.stringify({ firstLineAt, residentMegabytes, filesLoaded: globalThis.filesLoaded?.size }));
});
