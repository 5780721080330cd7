import type { AgentBook } from "../agents/agent-book.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import type { IsGone } from "../views/view-processor.ts";
import type { OwnInstruments } from "./instruments/own-instruments.ts";
import { ListeningTime } from "./listening-time.ts";

/** Decides which series have lost their source: an agent that is gone, or whatever was not heard of for the expiry. */
export class Lifetimes {
  readonly #own: OwnInstruments;
  readonly #expiryMillis: number;
  readonly #forget: (isGone: IsGone) => void;
  readonly #listening: ListeningTime;

  constructor(options: {
    own: OwnInstruments;
    expiryMillis: number;
    intervalMillis: number;
    forget: (isGone: IsGone) => void;
  }) {
    const { expiryMillis, intervalMillis } = options;
    this.#own = options.own;
    this.#expiryMillis = expiryMillis;
    this.#forget = options.forget;
    this.#listening = new ListeningTime({ intervalMillis, expiryMillis });
  }

  /** Before a collection: what has gone must not be observed once more. Gives how to end it, after the collection. */
  begin(now: number): () => void {
    this.#listening.moveTo(now);
    const silenceOf = (lastHeardAt: number): number => this.#listening.silence(lastHeardAt, now);
    const gone = new Set([
      ...this.#book.expire(silenceOf),
      ...this.#own.consumption.expireFromBefore(silenceOf),
    ]);
    this.#forgetFormerAgent(this.#own.settleProcessAgent());
    return () => this.#forgetGone(gone, now);
  }

  get #book(): AgentBook {
    return this.#own.book;
  }

  /** The process is another agent from now on, or nobody's: what was measured of it is not that agent's any more. */
  #forgetFormerAgent(former: string | undefined): void {
    if (former === undefined) return;
    const isKnown = this.#book.agentNames.includes(former);
    this.#forget(({ agent }, _, scope) => agent === former && (!isKnown || scope === PROCESS_SCOPE));
  }

  #forgetGone(gone: ReadonlySet<string>, now: number): void {
    const alive = new Set(this.#book.agentNames);
    this.#forget(({ agent }, lastHeardAt) => {
      const isAlive = agent !== undefined && alive.has(agent);
      if (agent !== undefined && gone.has(agent) && !isAlive && agent !== this.#own.processAgent) return true;
      return !isAlive && this.#listening.silence(lastHeardAt, now) >= this.#expiryMillis;
    });
  }
}
