import { labelText } from "../../core/label-text.ts";
import type { MetricHeader, Temporality } from "../../core/point-intake.ts";
import type { ExportResult } from "./export-result.ts";

/** The messages that hold the points of a metric. */
export type MetricData = "gauge" | "sum" | "histogram" | "exponential" | "summary";

/** The texts of a metric, as they were sent. */
export interface MetricTexts {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/** How the points of a metric add up. */
export interface Aggregation {
  readonly data: MetricData;
  readonly isMonotonic: boolean;
  /** `undefined` if it is not specified. */
  readonly temporality: Temporality | undefined;
}

/** Whether the points of a metric need a temporality. */
export function aggregates(data: MetricData): boolean {
  return data !== "gauge" && data !== "summary";
}

/** The temporality of a number of the enumeration; `undefined` if it is not specified. */
export function temporalityOf(number: number): Temporality | undefined {
  if (number === 1) return "delta";
  return number === 2 ? "cumulative" : undefined;
}

/** The header of a metric. Texts that are too long are cut. */
export function headerOf(
  scope: string,
  { name, unit, description }: MetricTexts,
  aggregation: Aggregation,
  result: ExportResult,
): MetricHeader {
  const cut = (text: string): string => labelText(text, result.countCut);
  return {
    scope: cut(scope),
    name: cut(name),
    unit: cut(unit),
    description: cut(description),
    kind: kindOf(aggregation),
    temporality: aggregation.temporality ?? "cumulative",
  };
}

function kindOf({ data, isMonotonic }: Aggregation): MetricHeader["kind"] {
  if (data === "gauge") return "gauge";
  if (data === "sum") return isMonotonic ? "counter" : "up-down-counter";
  return "histogram";
}
