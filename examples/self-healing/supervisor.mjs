import { setTimeout as delay } from "node:timers/promises";
import { restart } from "./restart.mjs";

const PROBE_EVERY_MILLIS = 500;

/**
 * An agent that keeps a service alive: it probes the service and restarts it when it does not
 * answer. Each probe and each restart is a task. Each outage is a failure that is open until a
 * restart succeeds.
 */
export class Supervisor {
  #outages = 0;
  #openFailure;
  #isReplacing = false;
  #isNew = false;

  constructor({ monitor, agentName, service, serviceName }) {
    this.monitor = monitor;
    this.agentName = agentName;
    this.agent = monitor.agent(agentName);
    this.service = service;
    this.serviceName = serviceName;
  }

  async run(signal) {
    await restart(this.agent, this.service);
    while (!signal.aborted) {
      const isWell = this.#openFailure === undefined && (await this.#probe());
      if (!isWell && !signal.aborted && !this.#isReplacing) await this.#heal();
      await delay(PROBE_EVERY_MILLIS, undefined, { signal }).catch(() => {});
    }
  }

  /** Replaces the service while it still answers, when its memory is forecast to run out. */
  async replaceInTime() {
    if (this.#openFailure !== undefined || this.#isReplacing) return;
    this.#isReplacing = true;
    try {
      await this.agent.task("replace_service", () => this.service.replace());
      this.#isNew = true;
    } finally {
      this.#isReplacing = false;
    }
  }

  async #probe() {
    try {
      const state = await this.agent.task("probe_health", () => this.service.probe());
      this.monitor.recordAgentMetrics({ agentName: this.serviceName, ...state });
      this.#forgetFormerLife();
      return true;
    } catch {
      return false;
    }
  }

  /** The history of one process does not apply to the next: forget it once the next is measured. */
  #forgetFormerLife() {
    if (this.#isNew) this.monitor.forget({ agentName: this.serviceName });
    this.#isNew = false;
  }

  async #heal() {
    const { agentName } = this;
    if (this.#openFailure === undefined) {
      this.#outages += 1;
      this.#openFailure = `${this.serviceName}-outage-${this.#outages}`;
      this.monitor.tracker.recordFailure({
        failureId: this.#openFailure,
        agentName,
        failureType: this.service.ailment,
      });
    }
    const failureId = this.#openFailure;
    const success = await restart(this.agent, this.service);
    this.monitor.tracker.recordRecovery({
      failureId,
      agentName,
      recoveryAction: "restart_service",
      success,
    });
    if (!success) return;
    this.#openFailure = undefined;
    this.#isNew = true;
  }
}
