import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import { ATTR_ERROR_TYPE, ATTR_NETWORK_TRANSPORT } from "@opentelemetry/semantic-conventions";
import type { TokenUsage } from "../../agents/token-usage.ts";
import type { CollectionListener } from "../../measure/reader-set.ts";
import {
  AGENT_NAME,
  EXECUTE_TOOL,
  MCP,
  OPERATION_NAME,
  PROMPT_NAME,
  PROVIDER_NAME,
  REQUEST_MODEL,
  STANDARD_METRICS,
  TOKEN_TYPE,
  TOOL_NAME,
} from "../../otel/semconv.ts";

type MetricKey = keyof typeof STANDARD_METRICS;

interface Measurement {
  readonly metric: MetricKey;
  readonly value: number;
  readonly attributes: Attributes;
}

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
  #held: Measurement[] = [];
  #due: Measurement[] = [];

  /** @param meter called when there is something to record. */
  constructor(meter: () => Meter) {
    this.#meter = meter;
  }

  agentInvoked(seconds: number, run: AgentCalls, agentName: string, errorType: string | undefined): void {
    const agent = { [AGENT_NAME]: agentName };
    this.#hold("agentDuration", seconds, {
      ...agent,
      [OPERATION_NAME]: run.operation,
      ...ofError(errorType),
    });
    this.#hold("inferenceCalls", run.inferenceCalls, agent);
    this.#hold("toolCalls", run.toolCalls, agent);
  }

  toolExecuted(
    seconds: number,
    tool: { readonly agentName: string; readonly toolName: string },
    errorType: string | undefined,
  ): void {
    this.#hold("toolDuration", seconds, {
      [AGENT_NAME]: tool.agentName,
      [TOOL_NAME]: tool.toolName,
      ...ofError(errorType),
    });
  }

  tokensUsed(
    usage: TokenUsage,
    call: { readonly operation: string; readonly model: string; readonly provider: string },
  ): void {
    const attributes = {
      [OPERATION_NAME]: call.operation,
      [REQUEST_MODEL]: call.model,
      [PROVIDER_NAME]: call.provider,
    };
    this.#hold("tokenUsage", usage.input, { ...attributes, [TOKEN_TYPE]: "input" });
    this.#hold("tokenUsage", usage.output, { ...attributes, [TOKEN_TYPE]: "output" });
  }

  /**
   * A request or a notification of MCP, seen by its sender (`client`) or its receiver (`server`).
   */
  mcpOperation(side: "client" | "server", seconds: number, operation: McpOperation): void {
    const { method, toolName, promptName, statusCode, transport } = operation;
    this.#hold(side === "client" ? "mcpClientOperation" : "mcpServerOperation", seconds, {
      [MCP.method]: method,
      ...(toolName === undefined ? {} : { [TOOL_NAME]: toolName }),
      ...(method === "tools/call" ? { [OPERATION_NAME]: EXECUTE_TOOL } : {}),
      ...(promptName === undefined ? {} : { [PROMPT_NAME]: promptName }),
      ...(statusCode === undefined ? {} : { [MCP.statusCode]: statusCode }),
      ...(transport === undefined ? {} : { [ATTR_NETWORK_TRANSPORT]: transport }),
      ...ofSession(operation),
    });
  }

  /** A connection of MCP, from its start to its close. */
  mcpSession(side: "client" | "server", seconds: number, session: McpSession): void {
    this.#hold(side === "client" ? "mcpClientSession" : "mcpServerSession", seconds, ofSession(session));
  }

  /** A collection begins. It shows who else records the metrics that were held before it. */
  collectionStarted(): void {
    this.#due.push(...this.#held);
    this.#held = [];
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
    for (const measurement of due) this.#record(measurement);
    return due.length > 0;
  }

  #hold(metric: MetricKey, value: number, attributes: Attributes): void {
    const measurement = { metric, value, attributes };
    if (this.#held.length < MAX_HELD) this.#held.push(measurement);
    else this.#record(measurement);
  }

  #record({ metric, value, attributes }: Measurement): void {
    const { name, unit, description, boundaries } = STANDARD_METRICS[metric];
    if (this.#foreign.has(name)) return;
    let histogram = this.#histograms.get(metric);
    if (histogram === undefined) {
      const advice = { explicitBucketBoundaries: [...boundaries] };
      histogram = this.#meter().createHistogram(name, { unit, description, advice });
      this.#histograms.set(metric, histogram);
    }
    histogram.record(value, attributes);
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

function ofSession({ protocolVersion, errorType }: McpSession): Attributes {
  return {
    ...(protocolVersion === undefined ? {} : { [MCP.protocolVersion]: protocolVersion }),
    ...ofError(errorType),
  };
}

function ofError(errorType: string | undefined): Attributes {
  return errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType };
}
