import { AsyncLocalStorage } from "node:async_hooks";
import type { TaskOutcome } from "../../agents/events.ts";

/** A run of an agent, as far as a model call inside it needs it. */
export interface RunAround {
  readonly isOver: boolean;
  /** Whether its framework asks this model now. */
  isAsking(model: string | undefined): boolean;
  /** The agent takes another step. */
  goesOn(): void;
  askedModel(): void;
  stepEnded(taskType: string, outcome: TaskOutcome, errorType?: string): void;
  /** An agent of a framework begins to run inside this one. */
  beganInside(agentName: string): void;
}

let begun = 0;

/** The work of an agent that has begun. Of two that run one inside the other, the inner is later. */
export class AgentAtWork {
  readonly agentName: string;
  /** The run of the agent, if its steps are recorded one by one. */
  readonly run: RunAround | undefined;
  readonly #order: number;

  constructor(agentName: string, run?: RunAround) {
    this.agentName = agentName;
    this.run = run;
    begun += 1;
    this.#order = begun;
  }

  isInside(other: AgentAtWork): boolean {
    return this.#order > other.#order;
  }
}

/**
 * An agent in one of its tools. The framework may still be reading the answer that asked for the tool, but
 * what asks a model in the tool is not the framework.
 */
export function inTool({ agentName, run }: AgentAtWork): AgentAtWork {
  return new AgentAtWork(agentName, run && new RunInTool(run));
}

/** A class, because an object with a getter and functions of its own takes ten times as long to make. */
class RunInTool implements RunAround {
  readonly #run: RunAround;

  constructor(run: RunAround) {
    this.#run = run;
  }

  get isOver(): boolean {
    return this.#run.isOver;
  }

  isAsking(): boolean {
    return false;
  }

  beganInside(agentName: string): void {
    this.#run.beganInside(agentName);
  }

  goesOn(): void {
    this.#run.goesOn();
  }

  askedModel(): void {
    this.#run.askedModel();
  }

  stepEnded(taskType: string, outcome: TaskOutcome, errorType?: string): void {
    this.#run.stepEnded(taskType, outcome, errorType);
  }
}

/** The agent that the running code works for, where this package runs the code. */
const current = new AsyncLocalStorage<AgentAtWork>();

/** Runs code that works for an agent. */
export function workFor<Result>(agent: AgentAtWork, work: () => Result): Result {
  return current.run(agent, work);
}

/** An agent of a framework or of spans begins to run, in the code of another agent or in none. */
export function agentBegins(agentName: string): void {
  current.getStore()?.run?.beganInside(agentName);
}

/**
 * The running asynchronous function works for an agent from here to its end, and what it calls. For code that
 * a framework runs after it has reported its start.
 */
export function startWorkFor(agent: AgentAtWork): void {
  current.enterWith(agent);
}

/** Runs code that may start work for an agent. What has called it goes on as before. */
export function keepingAgent<Result>(work: () => Result): Result {
  // Not `run` with the same agent: it takes a short way then, which keeps nothing.
  const before = current.getStore();
  try {
    return work();
  } finally {
    // Without an agent, there is none to go on with: the store may be empty.
    current.enterWith(before as AgentAtWork);
  }
}

/** Gives the agent of a framework that the running code works for, by the framework's own context. */
export type Locator = () => AgentAtWork | undefined;

/** Finds the agent that the running code works for. */
export class CurrentAgents {
  readonly #locators = new Set<Locator>();

  /** @returns a function that removes the locator. */
  locateBy(locator: Locator): () => void {
    this.#locators.add(locator);
    return () => this.#locators.delete(locator);
  }

  /** The innermost agent around the running code. */
  get innermost(): AgentAtWork | undefined {
    let innermost = current.getStore();
    for (const locator of this.#locators) {
      const found = located(locator);
      if (found !== undefined && (innermost === undefined || found.isInside(innermost))) innermost = found;
    }
    return innermost;
  }
}

/** Contexts are objects of frameworks and applications, which may throw when they are read. */
function located(locator: Locator): AgentAtWork | undefined {
  try {
    return locator();
  } catch {
    return undefined;
  }
}
