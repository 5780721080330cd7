/** The outages of a service, which are failures of the agent that ends them. */
export class Outages {
  count = 0;
  /** The outage that is not over. */
  #open;

  constructor({ monitor, agentName, serviceName }) {
    this.tracker = monitor.tracker;
    this.agentName = agentName;
    this.serviceName = serviceName;
  }

  get isOpen() {
    return this.#open !== undefined;
  }

  /** Begins an outage, unless one is open. Returns the one that is open. */
  begin(ailment) {
    if (this.#open !== undefined) return this.#open;
    this.count += 1;
    const failureId = `${this.serviceName}-outage-${this.count}`;
    this.#open = { failureId, ailment, at: performance.now() };
    this.tracker.recordFailure({ failureId, agentName: this.agentName, failureType: ailment });
    return this.#open;
  }

  /** Records an attempt to end the outage. It stays open if the attempt did not succeed. */
  end(recoveryAction, success) {
    const { failureId } = this.#open;
    this.tracker.recordRecovery({ failureId, agentName: this.agentName, recoveryAction, success });
    if (success) this.#open = undefined;
  }
}
