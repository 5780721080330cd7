import { instrument, PerformanceMonitor } from "otel-forecast";

/** A plain class that contains no metrics. */
class DiskKeeper {
  #freed = 0;

  get freed() {
    return this.#freed;
  }

  async inspect(host) {
    // Two ways to inspect: if the first fails, the inspection goes on with the second.
    try {
      return this.askAgent(host);
    } catch {
      return this.logIn(host);
    }
  }

  askAgent(host) {
    if (host.endsWith("-old")) throw new RangeError(`${host} runs no agent`);
    return 91;
  }

  logIn(_host) {
    return 95;
  }

  async prune(host, percent) {
    if (percent > 94) throw Object.assign(new Error(`${host} is read-only`), { code: "EROFS" });
    this.#freed += percent - 80;
  }
}

const monitor = new PerformanceMonitor({ port: Number(process.env.PORT ?? 9091) });
await monitor.start();

const keeper = instrument("disk-keeper", new DiskKeeper()); // the one line

for (const host of ["db-1", "db-2", "db-3-old"]) {
  await keeper.prune(host, await keeper.inspect(host)).catch((error) => console.log(error.message));
}

const { byTaskType, taskSuccessRate, successRate } = monitor.getPerformanceSummary("disk-keeper");
for (const [type, { completedTasks, failedTasks }] of Object.entries(byTaskType)) {
  console.log(`${type}: ${completedTasks} done, ${failedTasks} failed`);
}
console.log(`freed ${keeper.freed} %`);
console.log(`tasks ${taskSuccessRate?.toFixed(3)}, attempts ${successRate?.toFixed(3)}`);

await monitor.shutdown();
