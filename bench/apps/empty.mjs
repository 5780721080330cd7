/** Says when its first line ran, after the process had started, and how much memory was in use then. */
console.log(
  JSON.stringify({ firstLineMillis: performance.now(), residentMegabytes: process.memoryUsage.rss() / 1e6 }),
);
