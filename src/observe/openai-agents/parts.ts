import { LatestEntries } from "../../core/latest-entries.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import type { Invocation } from "../work/invocation.ts";
import type { Part } from "./turn.ts";

/** The open spans of agents, by their ids. */
export class Parts {
  readonly #open = new Map<string, Part>();
  /** The agents of the spans that have ended lately: what a tool has started may outlast the tool. */
  readonly #ended = new LatestEntries<AgentAtWork>();

  get size(): number {
    return this.#open.size;
  }

  get(spanId: string): Part | undefined {
    return this.#open.get(spanId);
  }

  set(spanId: string, part: Part): void {
    this.#open.set(spanId, part);
  }

  /** Removes a span that has ended. */
  take(spanId: string): Part | undefined {
    const part = this.#open.get(spanId);
    if (part === undefined) return undefined;
    this.#open.delete(spanId);
    this.#ended.add(spanId, agentIn(part));
    return part;
  }

  /** Spans of a lost invocation may never end. */
  forget(invocation: Invocation): void {
    for (const [spanId, its] of this.#open) if (its.invocation === invocation) this.take(spanId);
  }

  /** The agent that code in the context of a span works for. */
  agentIn(spanId: string): AgentAtWork | undefined {
    const part = this.#open.get(spanId);
    return part === undefined ? this.#ended.get(spanId) : agentIn(part);
  }

  clear(): void {
    this.#open.clear();
    this.#ended.clear();
  }
}

function agentIn({ invocation, atWork }: Part): AgentAtWork {
  return atWork ?? invocation.atWork;
}
