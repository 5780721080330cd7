import type { Counter, Histogram, Meter } from "@opentelemetry/api";
import { agentMetrics, runCalls } from "../../metrics/agent-metrics.ts";
import { createCounter, createHistogram } from "../../otel/create-instrument.ts";

/** The meters of the instruments. */
interface RunMeters {
  /** Its instruments are published as they are. */
  readonly agents: Meter;
  /** Views make percentiles of its instruments, which are not published themselves. */
  readonly runs: Meter;
}

/** The calls of one run of an agent. */
export interface CallsOfRun {
  readonly toolCalls: number;
  readonly inferenceCalls: number;
}

/** Measures what happens within the runs of agents. The caller bounds all names. */
export class AgentRuns {
  readonly #modelCalls: Histogram;
  readonly #toolCalls: Histogram;
  readonly #firstToken: Histogram;
  readonly #repeatedToolCalls: Counter;

  constructor(meters: RunMeters, namespace: string) {
    const { firstToken, repeatedToolCalls } = agentMetrics(namespace);
    const { modelCalls, toolCalls } = runCalls(namespace);
    this.#modelCalls = createHistogram(meters.runs, modelCalls);
    this.#toolCalls = createHistogram(meters.runs, toolCalls);
    this.#firstToken = createHistogram(meters.agents, firstToken);
    this.#repeatedToolCalls = createCounter(meters.agents, repeatedToolCalls);
  }

  runEnded(agent: string, { toolCalls, inferenceCalls }: CallsOfRun): void {
    this.#modelCalls.record(inferenceCalls, { agent });
    this.#toolCalls.record(toolCalls, { agent });
  }

  firstTokenArrived(agent: string, model: string, seconds: number): void {
    this.#firstToken.record(seconds, { agent, model });
  }

  /** Without repetitions the count is 0, so that a rate sees the first one. */
  toolCalled(agent: string, tool: string, isRepeated: boolean): void {
    this.#repeatedToolCalls.add(isRepeated ? 1 : 0, { agent, tool });
  }
}
