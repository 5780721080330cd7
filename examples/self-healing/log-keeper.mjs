import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const ROTATE_EVERY_MILLIS = 4000;
const PRUNE_EVERY_MILLIS = 2500;
const KEPT_LOGS = 3;
const KEPT_MILLIS = 5000;

/** An agent that manages the files of the service: it rotates the log and deletes old files. */
export class LogKeeper {
  #rotated = 0;
  #bytesFreed = 0;

  constructor({ monitor, agentName, folder }) {
    this.monitor = monitor;
    this.agentName = agentName;
    this.agent = monitor.agent(agentName);
    this.folder = folder;
  }

  async run(signal) {
    await Promise.all([
      this.#every(ROTATE_EVERY_MILLIS, signal, () => this.agent.task("rotate_logs", () => this.#rotate())),
      this.#every(PRUNE_EVERY_MILLIS, signal, () => this.agent.task("prune_files", () => this.#prune())),
    ]);
  }

  /** A failed task is counted as failed, and the next task runs anyway. */
  async #every(millis, signal, work) {
    while (!signal.aborted) {
      await delay(millis, undefined, { signal })
        .then(work)
        .catch(() => {});
    }
  }

  /** Fails with ENOENT when the service was down and has written nothing since the last time. */
  async #rotate() {
    this.#rotated += 1;
    await rename(join(this.folder, "access.log"), join(this.folder, `access.${this.#rotated}.log`));
  }

  async #prune() {
    const oldest = this.#rotated - KEPT_LOGS;
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const rotation = /^access\.(\d+)\.log$/.exec(name)?.[1];
      const { size, mtimeMs } = await stat(path);
      const isOldCache = name.endsWith(".tmp") && Date.now() - mtimeMs > KEPT_MILLIS;
      if (!isOldCache && !(rotation !== undefined && Number(rotation) <= oldest)) continue;
      await rm(path);
      this.#bytesFreed += size;
    }
    this.monitor.recordAgentMetrics({
      agentName: this.agentName,
      resourceConsumption: { bytes_freed: this.#bytesFreed },
    });
  }
}
