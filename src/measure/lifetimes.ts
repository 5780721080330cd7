import type { AgentBook } from "../agents/agent-book.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import type { IsGone } from "../views/view-processor.ts";
import { ExpiryClock } from "./expiry-clock.ts";
import type { OwnInstruments } from "./instruments/own-instruments.ts";

/**
 * Decides which series have lost their source: series of an agent that is gone, and series that were not measured for
 * the expiry.
 */
export class Lifetimes {
  readonly #own: OwnInstruments;
  readonly #clock: ExpiryClock;
  #silentSince = Number.NEGATIVE_INFINITY;
  #goneAgents: ReadonlySet<string> = new Set();

  constructor(options: { own: OwnInstruments; expiryMillis: number; intervalMillis: number }) {
    this.#own = options.own;
    this.#clock = new ExpiryClock(options);
  }

  /**
   * Expires agents. Call it before each collection: an agent that is gone must not be observed once more.
   *
   * @returns which series to forget at once, if any: those of the agent that the process was until now.
   */
  expire(now: number): IsGone | undefined {
    this.#silentSince = this.#clock.moveTo(now);
    this.#goneAgents = new Set([
      ...this.#book.expire(this.#silentSince),
      ...this.#own.consumption.expireFromBefore(this.#silentSince),
    ]);
    return this.#isOfFormerAgent(this.#own.settleProcessAgent());
  }

  /** Which series have lost their source. Call it after each collection, which shows who is still heard of. */
  gone(): IsGone {
    const silentSince = this.#silentSince;
    const goneAgents = this.#goneAgents;
    const alive = new Set(this.#book.agentNames);
    return ({ agent }, lastHeardAt) => {
      if (agent !== undefined && alive.has(agent)) return false;
      if (agent !== undefined && goneAgents.has(agent) && agent !== this.#own.processAgent) return true;
      return lastHeardAt <= silentSince;
    };
  }

  get #book(): AgentBook {
    return this.#own.book;
  }

  /**
   * The process is another agent from now on, or several agents share it: what was measured of the process no longer
   * belongs to the former agent.
   */
  #isOfFormerAgent(former: string | undefined): IsGone | undefined {
    if (former === undefined) return undefined;
    const isKnown = this.#book.agentNames.includes(former);
    return ({ agent }, _, scope) => agent === former && (!isKnown || scope === PROCESS_SCOPE);
  }
}
