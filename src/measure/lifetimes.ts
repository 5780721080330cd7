import type { AgentBook } from "../agents/agent-book.ts";
import { PROCESS_SCOPE, RUNTIME_SCOPE } from "../otel/scopes.ts";
import type { IsGone } from "../views/view-processor.ts";
import { ExpiryClock } from "./expiry-clock.ts";
import type { OwnInstruments } from "./instruments/own-instruments.ts";
import type { Moment } from "./monitor-clock.ts";

/**
 * Decides which series have lost their source: series of an agent that is gone, and series that
 * were not measured for the expiry.
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
   * Expires agents. Call it before each collection: an agent that is gone must not be observed once
   * more.
   *
   * @returns which series to forget at once, if any: those of the agent that the process was until
   * now.
   */
  expire({ now, steadyMillis }: Pick<Moment, "now" | "steadyMillis">): IsGone | undefined {
    this.#silentSince = this.#clock.moveTo(steadyMillis);
    const expired = this.#book.expire(this.#silentSince);
    this.#goneAgents = new Set([
      ...expired,
      ...this.#own.consumption.expireRestored(this.#silentSince + now - steadyMillis),
    ]);
    const { processAgent, runtimeAgent } = this.#own;
    this.#own.settleProcessAgent();
    return this.#isOfFormerAgent(
      processAgent === this.#own.processAgent ? undefined : processAgent,
      runtimeAgent === this.#own.runtimeAgent ? undefined : runtimeAgent,
    );
  }

  /**
   * Which series have lost their source. Call it after each collection, which shows who is still
   * heard of.
   */
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
   * The process is another agent from now on, or several agents share it. What was measured of the
   * process no longer belongs to the former agent, and what was measured of its heap and its event
   * loop neither.
   */
  #isOfFormerAgent(ofProcess: string | undefined, ofRuntime: string | undefined): IsGone | undefined {
    if (ofProcess === undefined && ofRuntime === undefined) return undefined;
    const known = new Set(this.#book.agentNames);
    return ({ agent }, _, scope) => {
      if (agent === undefined) return false;
      if (scope === RUNTIME_SCOPE) return agent === ofRuntime;
      return agent === ofProcess && (!known.has(agent) || scope === PROCESS_SCOPE);
    };
  }
}
