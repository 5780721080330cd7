import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { launchService } from "./launch-service.mjs";

const PROBE_PATIENCE_MILLIS = 1000;
/** The time in which a process that was replaced may answer what it was asked before. */
const GRACE_MILLIS = 200;

/** The child process that runs the service, one life after another. */
export class ServiceProcess {
  #child;
  #lives = 0;
  #lastCpu;
  /** The address of the service. */
  url;
  /** Memory in use, in percent of the limit. Absent before the first probe of a life. */
  memoryUsage;

  constructor({ seed, folder, signal }) {
    this.seed = seed;
    this.folder = folder;
    this.signal = signal;
  }

  /** Starts the next life. Resolves when it listens, rejects when it does not start. */
  async start() {
    const { child, url } = await this.#begin((it) => {
      this.#child = it;
    });
    this.#turnTo(child, url);
  }

  /** Starts the next life beside this one, and ends this one when the next answers. */
  async replace() {
    let next;
    try {
      const { child, url } = await this.#begin((it) => {
        next = it;
      });
      const before = this.#child;
      this.#turnTo(child, url);
      await delay(GRACE_MILLIS);
      before?.kill("SIGKILL");
    } catch (error) {
      next?.kill("SIGKILL");
      throw error;
    }
  }

  #turnTo(child, url) {
    this.#child = child;
    this.url = url;
    this.#lastCpu = undefined;
    this.memoryUsage = undefined;
  }

  async #begin(onForked) {
    this.signal.throwIfAborted();
    this.#lives += 1;
    return launchService({ seed: this.seed + this.#lives, folder: this.folder, onForked });
  }

  /**
   * The status of the service, or why it does not answer. Percents are of its memory limit and of
   * one CPU.
   */
  async probe() {
    const response = await fetch(this.url, { signal: AbortSignal.timeout(PROBE_PATIENCE_MILLIS) });
    /** @type {any} */
    const state = await response.json();
    const { rssBytes, limitBytes, cpuMicros } = state;
    const now = { micros: cpuMicros, at: performance.now() };
    const before = this.#lastCpu ?? { micros: 0, at: now.at - 1000 };
    this.#lastCpu = now;
    this.memoryUsage = Math.min(100, (100 * rssBytes) / limitBytes);
    return {
      memoryUsage: this.memoryUsage,
      cpuUsage: Math.min(100, (now.micros - before.micros) / (now.at - before.at) / 10),
    };
  }

  /** Why the service does not answer, by the state of its process. */
  get ailment() {
    if (this.#child?.exitCode === 137) return "out_of_memory";
    return this.#isRunning ? "unresponsive" : "crashed";
  }

  async stop() {
    if (!this.#isRunning) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exit;
  }

  get #isRunning() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }
}
