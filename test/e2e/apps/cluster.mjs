// A cluster whose workers take orders; it knows nothing of this package. What it is told on its standard input: "WORKER
// COUNT" for orders that a worker takes, "WORKER SIGNAL" to end one, "fork" for one more.
import cluster from "node:cluster";
import { createInterface } from "node:readline";
import { metrics } from "@opentelemetry/api";

if (cluster.isPrimary) {
  const execArgv = process.env.WORKER_OPTIONS?.split(" ") ?? process.execArgv;
  cluster.setupPrimary({ execArgv });
  for (const _ of Array(3)) cluster.fork();
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [number, what] = line.split(" ");
    if (number === "fork") cluster.fork();
    else if (what.startsWith("SIG")) cluster.workers[number].process.kill(what);
    else cluster.workers[number].send(Number(what));
  });
  process.once("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGKILL");
    process.exit(0);
  });
} else {
  const meter = metrics.getMeter("shop");
  const orders = meter.createCounter("shop.orders");
  const duration = meter.createHistogram("shop.order.duration", { unit: "s" });
  meter.createObservableGauge("shop.pool").addCallback((result) => result.observe(10 * cluster.worker.id));
  process.on("message", (count) => {
    for (let order = 0; order < count; order += 1) {
      orders.add(1, { kind: "book" });
      duration.record(0.1);
    }
    console.log(`${cluster.worker.id} took ${count}`);
  });
  setInterval(() => {}, 1000);
  console.log(`worker ${cluster.worker.id} open`);
}
