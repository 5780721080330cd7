import type { DropReason } from "../core/drop-reason.ts";
import type { TraceMoment } from "../core/exemplar.ts";
import type { Steps } from "../core/yielding-runner.ts";
import { Agent } from "./agent.ts";
import type { TaskDurations } from "./ended-tasks.ts";
import { RecordedLabels } from "./recorded-labels.ts";
import { type AgentOptions, newRooms } from "./shared-room.ts";

const SPACE = 0x20;
const LAST_ASCII = 0x7f;

/** The limits of the book of agents. */
export interface KnownAgentsLimits {
  /** The length of an agent's sliding window. */
  readonly windowMillis: number;
  readonly maxAgents: number;
  /** The labels of what agents do. By default with the usual limits. */
  readonly labels?: RecordedLabels;
  /** The sampled trace in which something is recorded, if there is one. */
  readonly currentTrace?: (() => TraceMoment | undefined) | undefined;
}

/** The agents that were heard of and have not expired. */
export class KnownAgents implements Iterable<Agent> {
  readonly #agents = new Map<string, Agent>();
  readonly #maxAgents: number;
  readonly #options: AgentOptions;
  /** What agents that are gone did since the last collection. */
  #ofGone: TaskDurations[] = [];

  constructor({ maxAgents, windowMillis, labels = new RecordedLabels(), currentTrace }: KnownAgentsLimits) {
    this.#maxAgents = maxAgents;
    this.#options = { windowMillis, labels, rooms: newRooms(), currentTrace };
  }

  [Symbol.iterator](): Iterator<Agent> {
    return this.#agents.values();
  }

  /** The agent of a name. If it is not known, one that has done nothing. */
  get(name: string, now: number): Agent {
    return this.#agents.get(name) ?? new Agent(name, this.#options, now);
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
    return wrong ?? this.hearChecked(name as string, now);
  }

  /** The same for a record whose names are right. */
  hearChecked(name: string, now: number): Agent | "max_agents" {
    let agent = this.#agents.get(name);
    if (agent === undefined) {
      if (this.#agents.size >= this.#maxAgents) return "max_agents";
      agent = new Agent(name, this.#options, now);
      this.#agents.set(name, agent);
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
      agent.leave();
      this.#ofGone.push(...agent.collectTasks());
      expired.push(agent.name);
    }
    this.#options.labels.forget(expired);
    return expired;
  }

  /** The durations of all tasks that ended since the previous call. */
  *collectTasks(): Steps<TaskDurations[]> {
    const collected = this.#ofGone;
    this.#ofGone = [];
    for (const agent of this) {
      collected.push(...agent.collectTasks());
      yield;
    }
    return collected;
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

/** Why a duration in seconds cannot be used. */
export function wrongSeconds(seconds: unknown): DropReason | undefined {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "not_finite";
  return seconds < 0 ? "negative" : undefined;
}

/** Only a boolean is clear: `"false"`, 0 and `undefined` could mean either. */
export function wrongSuccess(success: unknown): DropReason | undefined {
  return typeof success === "boolean" ? undefined : "not_a_boolean";
}
