import { plainInput, type TokenUsage } from "../../agents/token-usage.ts";
import type { MeasuredMetric, MeasuredPoint } from "../../core/measured-metric.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import type { OwnMetric } from "../../metrics/own-metric.ts";
import { TASK_SCOPE } from "../../otel/scopes.ts";
import { ByName, CountedPoint, takeInto } from "./named-points.ts";

const KEYS = ["tokens", "cost", "modelTokens", "modelCost"] as const;
type Key = (typeof KEYS)[number];
type Points = Readonly<Record<Key, MeasuredPoint<number>[]>>;

/**
 * Counts tokens and cost by agent, and by agent and model. No OpenTelemetry instrument is used, because it
 * costs more to hash the attributes of a count than to do all the rest of counting it.
 */
export class TokenCounts {
  readonly #agents = new ByName((agent) => new CountsOfAgent(agent));
  readonly #metrics: Readonly<Record<Key, OwnMetric>>;

  constructor(namespace: string) {
    this.#metrics = agentMetrics(namespace);
  }

  /** The caller bounds the names. */
  count(agent: string, model: string, usage: TokenUsage, cost: number | undefined): void {
    const counts = this.#agents.of(agent);
    counts.input.add(usage.input);
    counts.output.add(usage.output);
    counts.models.of(model).count(usage, cost);
    if (cost !== undefined) counts.cost.add(cost);
  }

  /** What was counted since the previous call. */
  collect(): MeasuredMetric[] {
    const points: Points = { tokens: [], cost: [], modelTokens: [], modelCost: [] };
    this.#agents.takeAll((counts) => counts.takeInto(points));
    return KEYS.filter((key) => points[key].length > 0).map((key) => {
      const { name, unit, description } = this.#metrics[key];
      return { scope: TASK_SCOPE, name, unit, description, kind: "increment", points: points[key] };
    });
  }
}

class CountsOfAgent {
  readonly input: CountedPoint;
  readonly output: CountedPoint;
  readonly cost: CountedPoint;
  readonly models: ByName<CountsOfModel>;

  constructor(agent: string) {
    this.input = new CountedPoint({ agent, token_type: "input" });
    this.output = new CountedPoint({ agent, token_type: "output" });
    this.cost = new CountedPoint({ agent });
    this.models = new ByName((model) => new CountsOfModel(agent, model));
  }

  /** Returns whether anything was counted. */
  takeInto({ tokens, cost, ...ofModels }: Points): boolean {
    takeInto(tokens, this.input);
    takeInto(tokens, this.output);
    takeInto(cost, this.cost);
    return this.models.takeAll((counts) => counts.takeInto(ofModels));
  }
}

class CountsOfModel {
  readonly #input: CountedPoint;
  readonly #output: CountedPoint;
  readonly #cached: CountedPoint;
  readonly #written: CountedPoint;
  readonly #cost: CountedPoint;

  constructor(agent: string, model: string) {
    const ofType = (tokenType: string): CountedPoint =>
      new CountedPoint({ agent, model, token_type: tokenType });
    this.#input = ofType("input");
    this.#output = ofType("output");
    this.#cached = ofType("cached_input");
    this.#written = ofType("cache_write");
    this.#cost = new CountedPoint({ agent, model });
  }

  count(usage: TokenUsage, cost: number | undefined): void {
    const { output, cachedInput, cacheWrite = 0 } = usage;
    this.#input.add(plainInput(usage));
    this.#output.add(output);
    if (cachedInput > 0) this.#cached.add(cachedInput);
    if (cacheWrite > 0) this.#written.add(cacheWrite);
    if (cost !== undefined) this.#cost.add(cost);
  }

  /** Returns whether anything was counted. */
  takeInto({ modelTokens, modelCost }: Pick<Points, "modelTokens" | "modelCost">): boolean {
    const ofTypes = [this.#input, this.#output, this.#cached, this.#written];
    const hasAny = ofTypes.map((counted) => takeInto(modelTokens, counted));
    return takeInto(modelCost, this.#cost) || hasAny.includes(true);
  }
}
