// A cluster whose workers spend 120 tokens each. What it is told on its standard input: "fork" for
// one more worker, a number to end that worker.
import cluster from "node:cluster";
import { createInterface } from "node:readline";
import { spend } from "./spend.mjs";

if (cluster.isPrimary) {
  // The primary does not load the plugin: a worker has the port.
  cluster.setupPrimary({ execArgv: ["--import", "otel-forecast/register"] });
  const fork = () => {
    const worker = cluster.fork();
    worker.once("exit", () => console.log(`worker ${worker.id} ended`));
  };
  fork();
  fork();
  createInterface({ input: process.stdin }).on("line", (line) => {
    if (line === "fork") fork();
    else cluster.workers[line].process.kill("SIGTERM");
  });
  process.once("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGKILL");
    process.exit(0);
  });
} else {
  spend();
  setInterval(() => {}, 1000);
}
