import type { DropReason } from "../core/drop-reason.ts";
import { Agent } from "./agent.ts";

const SPACE = 0x20;
const LAST_ASCII = 0x7f;

/** The limits of the book of agents. */
export interface KnownAgentsLimits {
  /** The length of an agent's sliding window. */
  readonly windowMillis: number;
  readonly maxAgents: number;
}

/** The agents that were heard of and have not expired. */
export class KnownAgents implements Iterable<Agent> {
  readonly #agents = new Map<string, Agent>();
  readonly #limits: KnownAgentsLimits;

  constructor(limits: KnownAgentsLimits) {
    this.#limits = limits;
  }

  [Symbol.iterator](): Iterator<Agent> {
    return this.#agents.values();
  }

  get(name: string): Agent | undefined {
    return this.#agents.get(name);
  }

  get names(): string[] {
    return [...this.#agents.keys()];
  }

  /**
   * The agent that a record is about, created if it is new. It counts as heard of at `now`.
   *
   * @param otherNames the other names and ids of the record.
   * @returns a reason if a name is wrong or there are too many agents.
   */
  hear(name: unknown, otherNames: readonly unknown[], now: number): Agent | DropReason {
    const wrong = wrongName(name) ?? firstWrongName(otherNames);
    if (wrong !== undefined) return wrong;
    const agentName = name as string;
    let agent = this.#agents.get(agentName);
    if (agent === undefined) {
      if (this.#agents.size >= this.#limits.maxAgents) return "max_agents";
      agent = new Agent(agentName, this.#limits.windowMillis, now);
      this.#agents.set(agentName, agent);
    }
    agent.hear(now);
    return agent;
  }

  /**
   * Forgets the agents that have no active task and were last heard of at `silentSince` (epoch
   * milliseconds) or before. Returns their names.
   */
  expire(silentSince: number): string[] {
    const expired: string[] = [];
    for (const agent of this.#agents.values()) {
      if (agent.lastHeardAt > silentSince || agent.activeTasks > 0) continue;
      this.#agents.delete(agent.name);
      expired.push(agent.name);
    }
    return expired;
  }
}

function firstWrongName(names: readonly unknown[]): DropReason | undefined {
  for (const name of names) {
    const wrong = wrongName(name);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Why a name cannot be used: it is empty, or not a string. */
export function wrongName(name: unknown): DropReason | undefined {
  if (typeof name !== "string") return "not_a_string";
  // `trim` is slow beside the rest of recording a task. Hardly any name needs it.
  const first = name.charCodeAt(0);
  if (first > SPACE && first <= LAST_ASCII) return undefined;
  return name.trim() === "" ? "empty_name" : undefined;
}
