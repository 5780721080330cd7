import type { Gauge, Meter } from "@opentelemetry/api";
import type { MeasuredLevel } from "../../core/measured-metric.ts";
import { shortName } from "../../core/short-name.ts";
import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import {
  type AgentField,
  type AgentMetrics,
  agentFields,
  type RecordedField,
  SYSTEM_FIELDS,
  type SystemMetrics,
} from "../../metrics/recorded-fields.ts";
import { RECORDED_SCOPE } from "../../otel/scopes.ts";

/** A number that was recorded by hand, with the OpenTelemetry name of its metric. */
export interface RecordedNumber {
  readonly name: string;
  readonly unit: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Records numbers that the application has measured itself. An impossible number (not finite,
 * negative, above its range) is dropped and counted; the rest of the record is kept.
 */
export class RecordedMetrics {
  readonly #meter: Meter;
  readonly #agentFields: Readonly<Record<AgentField, RecordedField>>;
  readonly #skips: SkipLog;
  readonly #gauges = new Map<string, Gauge>();

  constructor(options: { meter: Meter; namespace: string; skips: SkipLog }) {
    this.#meter = options.meter;
    this.#agentFields = agentFields(options.namespace);
    this.#skips = options.skips;
  }

  recordSystem(metrics: SystemMetrics): RecordedNumber[] {
    return this.#record(SYSTEM_FIELDS, metrics, {});
  }

  /** The caller has checked the agent's name. */
  recordAgent(metrics: AgentMetrics): RecordedNumber[] {
    const labels = { agent: metrics.agentName };
    const { resourceConsumption, ...levels } = this.#agentFields;
    const recorded = this.#record(levels, metrics, labels);
    for (const [resource, value] of byResource(metrics))
      recorded.push(...this.#set(resourceConsumption, value, { ...labels, resource }));
    return recorded;
  }

  /** What the agent has consumed, by resource, without impossible numbers. */
  consumption(metrics: AgentMetrics): Readonly<Record<string, number>> {
    const { resourceConsumption } = this.#agentFields;
    return Object.fromEntries(
      byResource(metrics).filter(([, value]) => wrongFor(resourceConsumption, value) === undefined),
    );
  }

  #record(
    fields: Readonly<Record<string, RecordedField>>,
    given: object,
    labels: Readonly<Record<string, string>>,
  ): RecordedNumber[] {
    return Object.entries(fields).flatMap(([key, field]) => {
      const value: unknown = (given as Record<string, unknown>)[key];
      return value === undefined ? [] : this.#set(field, value, labels);
    });
  }

  #set(field: RecordedField, value: unknown, labels: Readonly<Record<string, string>>): RecordedNumber[] {
    const { name, unit } = field.metric;
    const wrong = wrongFor(field, value);
    if (wrong !== undefined) {
      this.#skips.skip(wrong, `${name} was given as ${kindOf(value)}`);
      return [];
    }
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = this.#meter.createGauge(name, unit === "" ? {} : { unit });
      this.#gauges.set(name, gauge);
    }
    gauge.record(value as number, labels);
    return [{ name, unit, labels, value: value as number }];
  }
}

function byResource({ resourceConsumption: given }: AgentMetrics): [resource: string, value: number][] {
  if (given === undefined) return [];
  if (typeof given !== "object" || given === null) return [["total", given]];
  return Object.entries(given).map(([resource, value]) => [shortName(resource), value]);
}

function wrongFor(
  field: RecordedField,
  value: unknown,
): "not_finite" | "negative" | "out_of_range" | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return "not_finite";
  if (value < 0) return "negative";
  return value > field.highest ? "out_of_range" : undefined;
}

/** Recorded numbers in the form in which the next collection reads them. */
export function recordedLevels(recorded: readonly RecordedNumber[]): MeasuredLevel[] {
  return recorded.map(({ name, unit, labels, value }) => ({
    kind: "level",
    scope: RECORDED_SCOPE,
    name,
    unit,
    description: "",
    points: [{ labels, value }],
  }));
}
