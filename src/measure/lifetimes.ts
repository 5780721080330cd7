import type { AgentBook } from "../agents/agent-book.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import type { IsGone } from "../views/view-processor.ts";
import type { OwnInstruments } from "./instruments/own-instruments.ts";
import { ListeningTime } from "./listening-time.ts";

/** Decides which series have lost their source: an agent that is gone, or whatever was not heard of for the expiry. */
export class Lifetimes {
  readonly #own: OwnInstruments;
  readonly #expiryMillis: number;
  readonly #listening: ListeningTime;

  #gone: ReadonlySet<string> = new Set();

  constructor(options: { own: OwnInstruments; expiryMillis: number; intervalMillis: number }) {
    const { expiryMillis, intervalMillis } = options;
    this.#own = options.own;
    this.#expiryMillis = expiryMillis;
    this.#listening = new ListeningTime({ intervalMillis, expiryMillis });
  }

  /**
   * Before a collection: an agent that has gone must not be observed once more.
   *
   * @returns which series to forget at once, if any: those of the agent that the process was until now.
   */
  expire(now: number): IsGone | undefined {
    this.#listening.moveTo(now);
    const silenceOf = (lastHeardAt: number): number => this.#listening.silence(lastHeardAt, now);
    this.#gone = new Set([
      ...this.#book.expire(silenceOf),
      ...this.#own.consumption.expireFromBefore(silenceOf),
    ]);
    return this.#isOfFormerAgent(this.#own.settleProcessAgent());
  }

  /** After a collection, when it is known who was heard of: which series have lost their source. */
  goneAt(now: number): IsGone {
    const gone = this.#gone;
    const alive = new Set(this.#book.agentNames);
    return ({ agent }, lastHeardAt) => {
      const isAlive = agent !== undefined && alive.has(agent);
      if (agent !== undefined && gone.has(agent) && !isAlive && agent !== this.#own.processAgent) return true;
      return !isAlive && this.#listening.silence(lastHeardAt, now) >= this.#expiryMillis;
    };
  }

  get #book(): AgentBook {
    return this.#own.book;
  }

  /** The process is another agent from now on, or nobody's: what was measured of it is not that agent's any more. */
  #isOfFormerAgent(former: string | undefined): IsGone | undefined {
    if (former === undefined) return undefined;
    const isKnown = this.#book.agentNames.includes(former);
    return ({ agent }, _, scope) => agent === former && (!isKnown || scope === PROCESS_SCOPE);
  }
}
