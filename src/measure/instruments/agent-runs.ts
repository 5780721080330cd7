import type { MeasuredMetric, MeasuredPoint } from "../../core/measured-metric.ts";
import type { ExponentialHistogramPoint } from "../../core/metric-point.ts";
import { agentMetrics, runCalls } from "../../metrics/agent-metrics.ts";
import type { OwnMetric } from "../../metrics/own-metric.ts";
import { RUN_SCOPE, TASK_SCOPE } from "../../otel/scopes.ts";
import { ByName, CountedPoint, SketchedPoint, takeInto } from "./named-points.ts";

/** The calls of one run of an agent. */
export interface CallsOfRun {
  readonly toolCalls: number;
  readonly inferenceCalls: number;
}

const DISTRIBUTIONS = ["modelCalls", "toolCalls", "firstToken"] as const;
type Distributions = Readonly<
  Record<(typeof DISTRIBUTIONS)[number], MeasuredPoint<ExponentialHistogramPoint>[]>
>;

/**
 * Measures what happens within the runs of agents. The caller bounds all names. No OpenTelemetry
 * instrument is used: see `TokenCounts`. Views make percentiles of the calls of runs, which are not
 * published themselves.
 */
export class AgentRuns {
  readonly #agents = new ByName((agent) => new RunsOfAgent(agent));
  readonly #metrics: Readonly<Record<(typeof DISTRIBUTIONS)[number] | "repeatedToolCalls", OwnMetric>>;

  constructor(namespace: string) {
    const { firstToken, repeatedToolCalls } = agentMetrics(namespace);
    this.#metrics = { ...runCalls(namespace), firstToken, repeatedToolCalls };
  }

  runEnded(agent: string, { toolCalls, inferenceCalls }: CallsOfRun): void {
    const runs = this.#agents.of(agent);
    runs.modelCalls.record(inferenceCalls);
    runs.toolCalls.record(toolCalls);
  }

  firstTokenArrived(agent: string, model: string, seconds: number): void {
    this.#agents.of(agent).firstTokens.of(model).record(seconds);
  }

  /** Without repetitions the count is 0, so that a rate sees the first one. */
  toolCalled(agent: string, tool: string, isRepeated: boolean): void {
    this.#agents
      .of(agent)
      .repeatedCalls.of(tool)
      .add(isRepeated ? 1 : 0);
  }

  /** What was recorded since the previous call. */
  collect(): MeasuredMetric[] {
    const points: Distributions = { modelCalls: [], toolCalls: [], firstToken: [] };
    const repeated: MeasuredPoint<number>[] = [];
    this.#agents.takeAll((runs) => runs.takeInto(points, repeated));
    const metrics: MeasuredMetric[] = DISTRIBUTIONS.map((key) => {
      const scope = key === "firstToken" ? TASK_SCOPE : RUN_SCOPE;
      return { scope, ...described(this.#metrics[key]), kind: "histogram", points: points[key] };
    });
    const { repeatedToolCalls } = this.#metrics;
    metrics.push({
      scope: TASK_SCOPE,
      ...described(repeatedToolCalls),
      kind: "increment",
      points: repeated,
    });
    return metrics.filter((metric) => metric.points.length > 0);
  }
}

class RunsOfAgent {
  readonly modelCalls: SketchedPoint;
  readonly toolCalls: SketchedPoint;
  /** By model. */
  readonly firstTokens: ByName<SketchedPoint>;
  /** By tool. */
  readonly repeatedCalls: ByName<CountedPoint>;

  constructor(agent: string) {
    this.modelCalls = new SketchedPoint({ agent });
    this.toolCalls = new SketchedPoint({ agent });
    this.firstTokens = new ByName((model) => new SketchedPoint({ agent, model }));
    this.repeatedCalls = new ByName((tool) => new CountedPoint({ agent, tool }));
  }

  /** Returns whether anything was recorded. */
  takeInto(points: Distributions, repeated: MeasuredPoint<number>[]): boolean {
    const hasAny = [
      takeInto(points.modelCalls, this.modelCalls),
      takeInto(points.toolCalls, this.toolCalls),
      this.firstTokens.takeAll((sketched) => takeInto(points.firstToken, sketched)),
      this.repeatedCalls.takeAll((counted) => takeInto(repeated, counted)),
    ];
    return hasAny.includes(true);
  }
}

function described({ name, unit, description }: OwnMetric): Pick<OwnMetric, "name" | "unit" | "description"> {
  return { name, unit, description };
}
