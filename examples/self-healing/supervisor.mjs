import { setTimeout as delay } from "node:timers/promises";
import { Outages } from "./outages.mjs";
import { restart, startInAttempts } from "./restart.mjs";
import { replaceText, restartText } from "./telling.mjs";

const PROBE_EVERY_MILLIS = 250;

/**
 * An agent that keeps a service alive: it probes the service and restarts it when it does not
 * answer. Each probe and each restart is a task. Each outage is a failure that is open until a
 * restart succeeds. `tell` receives what the supervisor did and why.
 */
export class Supervisor {
  replacedInTime = 0;
  /** The replacement that has not ended. */
  #replacement;

  constructor({ monitor, agentName, service, serviceName, tell = (_text) => {} }) {
    this.monitor = monitor;
    this.agent = monitor.agent(agentName);
    this.service = service;
    this.serviceName = serviceName;
    this.outages = new Outages({ monitor, agentName, serviceName });
    this.tell = tell;
  }

  async run(signal) {
    await restart(this.agent, this.service);
    while (!signal.aborted) {
      const isWell = !this.outages.isOpen && (await this.#probe());
      if (!isWell && !signal.aborted) await this.#heal();
      await delay(PROBE_EVERY_MILLIS, undefined, { signal }).catch(() => {});
    }
    await this.#replacement?.catch(() => {});
  }

  /** Replaces the service while it still answers, when its memory is forecast to run out. */
  async replaceInTime(alert) {
    if (this.outages.isOpen || this.#replacement !== undefined || this.service.signal.aborted) return;
    this.#replacement = this.#replace(alert);
    await this.#replacement.finally(() => {
      this.#replacement = undefined;
    });
  }

  async #replace(alert) {
    const attempts = await this.agent.task("replace_service", (task) =>
      startInAttempts(task, () => this.service.replace()),
    );
    const isInTime = !this.outages.isOpen;
    if (isInTime) this.replacedInTime += 1;
    else this.outages.end("replace_service", true);
    this.tell(replaceText({ name: this.serviceName, alert, attempts, isInTime }));
  }

  /** A probe that fails while the service is replaced does not concern the next process. */
  async #probe() {
    const { url } = this.service;
    try {
      const state = await this.agent.task("probe_health", () => this.service.probe());
      this.monitor.recordAgentMetrics({ agentName: this.serviceName, ...state });
      return true;
    } catch {
      return this.service.url !== url;
    }
  }

  /** Restarts the service, unless it is being replaced. */
  async #heal() {
    const { at, ailment } = this.outages.begin(this.service.ailment);
    if (this.#replacement !== undefined) return;
    const attempts = await restart(this.agent, this.service);
    const downSeconds = (performance.now() - at) / 1000;
    this.outages.end("restart_service", attempts > 0);
    this.tell(restartText({ name: this.serviceName, ailment, attempts, downSeconds }));
  }
}
