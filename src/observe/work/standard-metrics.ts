import type { Histogram, Meter } from "@opentelemetry/api";
import type { TokenUsage } from "../../agents/token-usage.ts";
import type { CollectionListener } from "../../measure/reader-set.ts";
import { EMBEDDINGS, EXECUTE_TOOL, STANDARD_METRICS } from "../../otel/semconv.ts";
import { attributesOf, type Held, HeldMeasurements, type MetricKey } from "./held-measurements.ts";

/** Maximum of measurements that wait for a collection. Further ones are recorded at once. */
const MAX_HELD = 10_000;

/**
 * Records metrics of the GenAI conventions. Each measurement waits for the next collection, which
 * shows whether another instrumentation records the same metric. If so, it is not recorded here.
 */
export class StandardMetrics implements CollectionListener {
  readonly #meter: () => Meter;
  readonly #histograms = new Map<MetricKey, Histogram>();
  readonly #foreign = new Set<string>();
  #held = new HeldMeasurements();
  #due: Held[] = [];

  /** @param meter called when there is something to record. */
  constructor(meter: () => Meter) {
    this.#meter = meter;
  }

  agentInvoked(seconds: number, run: AgentCalls, agentName: string, errorType: string | undefined): void {
    this.#hold("agentDuration", seconds, agentName, run.operation, errorType);
    this.#hold("inferenceCalls", run.inferenceCalls, agentName);
    this.#hold("toolCalls", run.toolCalls, agentName);
  }

  toolExecuted(
    seconds: number,
    { agentName, toolName }: { readonly agentName: string; readonly toolName: string },
    errorType: string | undefined,
  ): void {
    this.#hold("toolDuration", seconds, agentName, toolName, errorType);
  }

  tokensUsed(
    usage: TokenUsage,
    {
      operation,
      model,
      provider,
    }: { readonly operation: string; readonly model: string; readonly provider: string },
  ): void {
    this.#hold("tokenUsage", usage.input, operation, model, provider, "input");
    if (operation !== EMBEDDINGS)
      this.#hold("tokenUsage", usage.output, operation, model, provider, "output");
  }

  /**
   * A request or a notification of MCP, seen by its sender (`client`) or its receiver (`server`).
   */
  mcpOperation(side: "client" | "server", seconds: number, operation: McpOperation): void {
    const { method, toolName, promptName, statusCode, transport, protocolVersion, errorType } = operation;
    this.#hold(
      side === "client" ? "mcpClientOperation" : "mcpServerOperation",
      seconds,
      method,
      toolName,
      method === "tools/call" ? EXECUTE_TOOL : undefined,
      promptName,
      statusCode,
      transport,
      protocolVersion,
      errorType,
    );
  }

  /** A connection of MCP, from its start to its close. */
  mcpSession(side: "client" | "server", seconds: number, { protocolVersion, errorType }: McpSession): void {
    const metric = side === "client" ? "mcpClientSession" : "mcpServerSession";
    this.#hold(metric, seconds, protocolVersion, errorType);
  }

  /** A collection begins. It shows who else records the metrics that were held before it. */
  collectionStarted(): void {
    this.#due.push(...this.#held.all);
    this.#held = new HeldMeasurements();
  }

  /**
   * A collection has ended.
   *
   * @param foreignNames the metrics that other instrumentations recorded.
   * @returns whether something was recorded here.
   */
  collectionEnded(foreignNames: Iterable<string>): boolean {
    for (const name of foreignNames) this.#foreign.add(name);
    const due = this.#due;
    this.#due = [];
    for (const held of due) this.#record(held);
    return due.length > 0;
  }

  /** @param given the values of the attributes of the metric, in their order. */
  #hold(metric: MetricKey, value: number, ...given: (string | undefined)[]): void {
    if (this.#held.count < MAX_HELD) this.#held.add(metric, value, given);
    else this.#record({ metric, values: [value], attributes: attributesOf(metric, given) });
  }

  #record({ metric, values, attributes }: Held): void {
    if (this.#foreign.has(STANDARD_METRICS[metric].name)) return;
    const histogram = this.#histogram(metric);
    for (const value of values) histogram.record(value, attributes);
  }

  #histogram(metric: MetricKey): Histogram {
    let histogram = this.#histograms.get(metric);
    if (histogram === undefined) {
      const { name, unit, description, boundaries } = STANDARD_METRICS[metric];
      const advice = { explicitBucketBoundaries: [...boundaries] };
      histogram = this.#meter().createHistogram(name, { unit, description, advice });
      this.#histograms.set(metric, histogram);
    }
    return histogram;
  }
}

/** The calls of an invocation of an agent. */
export interface AgentCalls {
  readonly operation: string;
  readonly toolCalls: number;
  readonly inferenceCalls: number;
}

/** The attributes of an MCP session, and of every message in it. */
export interface McpSession {
  readonly protocolVersion: string | undefined;
  readonly errorType: string | undefined;
}

/** The attributes of a request or a notification of MCP. */
export interface McpOperation extends McpSession {
  readonly transport: "pipe" | "tcp" | undefined;
  readonly method: string;
  readonly toolName: string | undefined;
  readonly promptName: string | undefined;
  readonly statusCode: string | undefined;
}
