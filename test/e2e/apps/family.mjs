// An app whose work is done by worker threads and child processes; it knows nothing of this package.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { name: "indexer" });
  new Worker(new URL(import.meta.url));
  const fetcher = fileURLToPath(new URL("fetcher.mjs", import.meta.url));
  const first = fork(fetcher);
  const second = fork(fetcher);
  fork(fetcher, { env: { ...process.env, OTEL_FORECAST_AGENT: "courier" } });
  process.on("SIGUSR2", () => {
    worker.terminate();
    first.kill();
  });
  process.once("SIGTERM", () => {
    second.kill();
    process.exit(0);
  });
}

// Busy for about half of the time.
setInterval(() => {
  if (isMainThread) return;
  const until = performance.now() + 50;
  while (performance.now() < until);
}, 100);
if (isMainThread) console.log("family open");
