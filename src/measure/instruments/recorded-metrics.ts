import type { MeasuredLevel } from "../../core/measured-metric.ts";
import { type Labels, seriesId } from "../../core/series-key.ts";
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
  readonly labels: Labels;
  readonly value: number;
}

interface Level {
  readonly labels: Labels;
  value: number;
  /** Whether it was recorded since the last collection. */
  isNew: boolean;
}

/** The levels of a metric, by their labels. */
interface LevelsOfMetric {
  readonly metric: Omit<MeasuredLevel, "points">;
  readonly levels: Map<string, Level>;
}

/** The labels of all levels beyond the limit, as OpenTelemetry's SDK has them. */
const OVERFLOW: Labels = { "otel.metric.overflow": "true" };

/**
 * Records numbers that the application has measured itself. An impossible number (not finite,
 * negative, above its range) is dropped and counted; the rest of the record is kept.
 *
 * No OpenTelemetry instrument is used: it would hash the labels at each record, and make them anew
 * at each collection.
 */
export class RecordedMetrics {
  readonly #agentFields: Readonly<Record<AgentField, RecordedField>>;
  readonly #skips: SkipLog;
  readonly #maxLevels: number;
  readonly #metrics = new Map<string, LevelsOfMetric>();

  /** @param options.maxLevels the most levels of one metric. */
  constructor(options: { maxLevels: number; namespace: string; skips: SkipLog }) {
    this.#maxLevels = options.maxLevels;
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

  /** The levels that were recorded since the previous call. The others are forgotten. */
  collect(): MeasuredLevel[] {
    return Array.from(this.#metrics.values(), ({ metric, levels }) => ({
      ...metric,
      points: takeNew(levels),
    })).filter(({ points }) => points.length > 0);
  }

  #record(fields: Readonly<Record<string, RecordedField>>, given: object, labels: Labels): RecordedNumber[] {
    return Object.entries(fields).flatMap(([key, field]) => {
      const value: unknown = (given as Record<string, unknown>)[key];
      return value === undefined ? [] : this.#set(field, value, labels);
    });
  }

  #set(field: RecordedField, value: unknown, labels: Labels): RecordedNumber[] {
    const { name, unit } = field.metric;
    const wrong = wrongFor(field, value);
    if (wrong !== undefined) {
      this.#skips.skip(wrong, `${name} was given as ${kindOf(value)}`);
      return [];
    }
    this.#put(name, unit, labels, value as number);
    return [{ name, unit, labels, value: value as number }];
  }

  #put(name: string, unit: string, labels: Labels, value: number): void {
    let ofMetric = this.#metrics.get(name);
    if (ofMetric === undefined) {
      ofMetric = { metric: describedLevel(name, unit), levels: new Map() };
      this.#metrics.set(name, ofMetric);
    }
    const { levels } = ofMetric;
    const id = seriesId({ metric: "", labels });
    const level = levels.get(id);
    if (level !== undefined) {
      level.value = value;
      level.isNew = true;
    } else if (labels !== OVERFLOW && levels.size >= this.#maxLevels - 1)
      this.#put(name, unit, OVERFLOW, value);
    else levels.set(id, { labels, value, isNew: true });
  }
}

function takeNew(levels: Map<string, Level>): MeasuredLevel["points"] {
  const points: { labels: Labels; value: number }[] = [];
  for (const [id, level] of levels) {
    if (level.isNew) points.push({ labels: level.labels, value: level.value });
    else levels.delete(id);
    level.isNew = false;
  }
  return points;
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
    ...describedLevel(name, unit),
    points: [{ labels, value }],
  }));
}

function describedLevel(name: string, unit: string): Omit<MeasuredLevel, "points"> {
  return { kind: "level", scope: RECORDED_SCOPE, name, unit, description: "" };
}
