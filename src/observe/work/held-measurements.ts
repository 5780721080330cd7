import type { Attributes } from "@opentelemetry/api";
import { ATTR_ERROR_TYPE, ATTR_NETWORK_TRANSPORT } from "@opentelemetry/semantic-conventions";
import {
  AGENT_NAME,
  MCP,
  OPERATION_NAME,
  PROMPT_NAME,
  PROVIDER_NAME,
  REQUEST_MODEL,
  type STANDARD_METRICS,
  TOKEN_TYPE,
  TOOL_NAME,
} from "../../otel/semconv.ts";
import { unchangingAttributes } from "../../otel/unchanging-attributes.ts";

/** A metric of the GenAI conventions. */
export type MetricKey = keyof typeof STANDARD_METRICS;

const OF_MCP_SESSION = [MCP.protocolVersion, ATTR_ERROR_TYPE] as const;
const OF_MCP_OPERATION = [
  MCP.method,
  TOOL_NAME,
  OPERATION_NAME,
  PROMPT_NAME,
  MCP.statusCode,
  ATTR_NETWORK_TRANSPORT,
  ...OF_MCP_SESSION,
] as const;

/** The attributes of each metric. A measurement has a value for each, or none. */
const ATTRIBUTES = {
  agentDuration: [AGENT_NAME, OPERATION_NAME, ATTR_ERROR_TYPE],
  inferenceCalls: [AGENT_NAME],
  toolCalls: [AGENT_NAME],
  toolDuration: [AGENT_NAME, TOOL_NAME, ATTR_ERROR_TYPE],
  tokenUsage: [OPERATION_NAME, REQUEST_MODEL, PROVIDER_NAME, TOKEN_TYPE],
  mcpClientOperation: OF_MCP_OPERATION,
  mcpServerOperation: OF_MCP_OPERATION,
  mcpClientSession: OF_MCP_SESSION,
  mcpServerSession: OF_MCP_SESSION,
} as const satisfies Record<MetricKey, readonly string[]>;

/** Measurements of one metric with the same attributes, in the order in which they were made. */
export interface Held {
  readonly metric: MetricKey;
  readonly attributes: Attributes;
  readonly values: number[];
}

/** The measurements between two collections. */
export class HeldMeasurements {
  readonly all: Held[] = [];
  count = 0;
  readonly #metrics = new Map<MetricKey, Place>();

  /** Makes attributes for the first value only, and no key: both cost more than the rest. */
  add(metric: MetricKey, value: number, given: readonly (string | undefined)[]): void {
    let place = this.#metrics.get(metric);
    if (place === undefined) {
      place = new Place();
      this.#metrics.set(metric, place);
    }
    for (const attribute of given) place = place.at(attribute);
    if (place.held === undefined) {
      place.held = { metric, values: [], attributes: unchangingAttributes(attributesOf(metric, given)) };
      this.all.push(place.held);
    }
    place.held.values.push(value);
    this.count += 1;
  }
}

/** Where measurements are held whose attributes have the same values up to here. */
class Place {
  held: Held | undefined;
  readonly #next = new Map<string | undefined, Place>();
  /** The place that was asked for last: mostly, the next value is the same. */
  #lastAttribute: string | undefined;
  #last: Place | undefined;

  at(attribute: string | undefined): Place {
    if (this.#last === undefined || attribute !== this.#lastAttribute) {
      this.#last = this.#find(attribute);
      this.#lastAttribute = attribute;
    }
    return this.#last;
  }

  #find(attribute: string | undefined): Place {
    let next = this.#next.get(attribute);
    if (next === undefined) {
      next = new Place();
      this.#next.set(attribute, next);
    }
    return next;
  }
}

/** @param given the values of the attributes of the metric, in their order. */
export function attributesOf(metric: MetricKey, given: readonly (string | undefined)[]): Attributes {
  const attributes: Attributes = {};
  for (const [index, name] of ATTRIBUTES[metric].entries()) {
    const value = given[index];
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
