import { LatestEntries } from "../../core/latest-entries.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import type { ModelCall } from "../work/work-log.ts";
import { StartedCalls } from "./refused-calls.ts";

const MAX_RUNS = 10_000;

/** What must be ended together with a step of an agent. */
export interface Step {
  readonly endTool?: EndCall;
  readonly model?: Partial<ModelCall>;
  readonly closeModel?: CloseCall;
  /** Call it for each part of a streamed answer. */
  readonly partArrived?: () => void;
  /** The input of a step that is neither a tool nor a model. */
  readonly input?: unknown;
}

/** An open run of LangChain: a graph that is an agent, or a step of one. */
export interface Run extends Step {
  readonly agent: Agent;
  readonly isAgent: boolean;
  readonly parent: Run | undefined;
  /** The error of the last failed step directly below it. */
  lastFailure: unknown;
}

/** A graph that is an agent, and the open runs inside it. */
interface Agent {
  readonly invocation: Invocation;
  readonly runIds: Set<string>;
  readonly agents: Set<Run>;
  readonly startedCalls: StartedCalls;
  /** How many runs have begun in it, itself included. */
  begunRuns: number;
}

/** The open runs, by LangChain's ids. */
export class OpenRuns {
  readonly #runs = new Map<string, Run>();
  /** The agents of the runs that have ended lately: what a tool has started may outlast the tool. */
  readonly #ended = new LatestEntries<AgentAtWork>();

  get areFull(): boolean {
    return this.#runs.size >= MAX_RUNS;
  }

  get(id: string | undefined): Run | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }

  /** The agent that code in the context of a run works for. */
  agentIn(id: string | undefined): AgentAtWork | undefined {
    return this.get(id)?.agent.invocation.atWork ?? this.#ended.get(id ?? "");
  }

  /**
   * Adds a graph that is an agent. Runs inside it may never end, so they are forgotten when its
   * invocation ends.
   */
  addAgent(id: string, parent: Run | undefined, begin: (onOver: () => void) => Invocation): void {
    const runIds = new Set<string>();
    let run: Run | undefined;
    const invocation = begin(() => {
      for (const runId of runIds) this.take(runId);
      if (run !== undefined) parent?.agent.agents.delete(run);
    });
    const agent = {
      invocation,
      runIds,
      agents: new Set<Run>(),
      startedCalls: new StartedCalls(),
      begunRuns: 0,
    };
    run = this.#add(id, { agent, isAgent: true, parent, lastFailure: undefined });
    parent?.agent.agents.add(run);
  }

  addStep(id: string, parent: Run, step: Step): void {
    this.#add(id, { ...step, agent: parent.agent, isAgent: false, parent, lastFailure: undefined });
  }

  /** Removes a run that has ended. */
  take(id: string): Run | undefined {
    const run = this.#runs.get(id);
    if (run === undefined) return undefined;
    run.agent.runIds.delete(id);
    this.#runs.delete(id);
    this.#ended.add(id, run.agent.invocation.atWork);
    return run;
  }

  clear(): void {
    this.#runs.clear();
    this.#ended.clear();
  }

  #add(id: string, run: Run): Run {
    run.agent.runIds.add(id);
    run.agent.begunRuns += 1;
    this.#runs.set(id, run);
    return run;
  }
}

/** The agents that a step has started. The agents that these have started come first. */
export function agentsWithin(step: Run): Run[] {
  const begun = [...step.agent.agents].filter((run) => run !== step && isWithin(run, step));
  return begun.flatMap((run) => [...agentsWithin(run), run]);
}

function isWithin(run: Run | undefined, step: Run): boolean {
  return run !== undefined && (run === step || isWithin(run.parent, step));
}
