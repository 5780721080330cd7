// An app with a worker thread that leaks, and whose main thread blocks its event loop at times. It
// knows nothing of this package.
import { isMainThread, Worker } from "node:worker_threads";

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), {
    name: "leaker",
    resourceLimits: { maxOldGenerationSizeMb: 80 },
  });
  // It ends when its heap is full.
  worker.once("error", () => {});
  process.once("SIGTERM", () => process.exit(0));
  setInterval(() => {
    const until = performance.now() + 300;
    while (performance.now() < until);
  }, 2000);
} else {
  const kept = [];
  setInterval(() => {
    for (let index = 0; index < 250; index += 1) kept.push({ index, list: [index, { index }] });
    for (let index = 0; index < 20_000; index += 1) [index, index].reverse();
  }, 5);
}
