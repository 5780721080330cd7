import type { HistogramPoint } from "../../../src/core/metric-point.ts";
import type { MetricHeader } from "../../../src/core/point-intake.ts";
import type { Labels } from "../../../src/core/series-key.ts";
import type { Rejection } from "../../../src/wire/otlp/export-result.ts";
import type { TakenPoint } from "../../gateway/memory-intake.ts";
import type { Message } from "./otlp-messages.ts";

/** What a request should become, in simple words: nothing here is fast or reads bytes. */
export interface Expected {
  readonly points: TakenPoint[];
  readonly rejected: Partial<Record<Rejection, number>>;
  summaries: number;
}

const KINDS = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;

/** @param request in the JSON mapping of protobuf, whole numbers of 64 bits as texts. */
export function expectedOf(request: Message): Expected {
  const expected: Expected = { points: [], rejected: {}, summaries: 0 };
  for (const resourceMetrics of list(request.resourceMetrics)) {
    const resource = labelsOf((resourceMetrics.resource as Message | undefined)?.attributes);
    for (const scopeMetrics of list(resourceMetrics.scopeMetrics)) {
      const scope = String((scopeMetrics.scope as Message | undefined)?.name ?? "");
      for (const metric of list(scopeMetrics.metrics)) addMetric(expected, resource, scope, metric);
    }
  }
  return expected;
}

function addMetric(expected: Expected, resource: Labels, scope: string, metric: Message): void {
  const kind = KINDS.find((name) => name in metric);
  if (kind === undefined) return;
  const data = metric[kind] as Message;
  const temporality = [undefined, "delta", "cumulative"][Number(data.aggregationTemporality ?? 0)];
  const needsTemporality = kind !== "gauge" && kind !== "summary";
  const header = {
    scope,
    name: metric.name,
    unit: metric.unit,
    description: metric.description,
    kind: kindOf(kind, data.isMonotonic === true),
    temporality: temporality ?? "cumulative",
  } as MetricHeader;
  for (const point of list(data.dataPoints)) {
    const hasEnded = (Number(point.flags ?? 0) & 1) === 1;
    const value = valueIn(kind, point);
    const reason =
      (header.name === "" && "no_name") ||
      (needsTemporality && temporality === undefined && "no_temporality") ||
      (kind === "summary" && "summary") ||
      (BigInt(String(point.timeUnixNano ?? 0)) === 0n && "no_time") ||
      (!hasEnded && typeof value === "string" && value);
    if (reason === "summary") expected.summaries += 1;
    else if (reason) expected.rejected[reason] = (expected.rejected[reason] ?? 0) + 1;
    else
      expected.points.push({
        resource,
        header,
        labels: labelsOf(point.attributes),
        value: hasEnded ? undefined : (value as number | HistogramPoint),
        at: millisOf(point.timeUnixNano),
        startAt: hasEnded ? Number.NaN : millisOf(point.startTimeUnixNano) || Number.NaN,
      });
  }
}

function kindOf(kind: (typeof KINDS)[number], isMonotonic: boolean): MetricHeader["kind"] {
  if (kind === "gauge") return "gauge";
  if (kind === "sum") return isMonotonic ? "counter" : "up-down-counter";
  return "histogram";
}

function valueIn(kind: (typeof KINDS)[number], point: Message): number | HistogramPoint | Rejection {
  if (kind !== "histogram" && kind !== "exponentialHistogram")
    return "asDouble" in point || "asInt" in point ? Number(point.asDouble ?? point.asInt) : "no_value";
  const common = {
    count: Number(point.count),
    sum: Number(point.sum ?? Number.NaN),
    ...("min" in point ? { min: Number(point.min) } : {}),
    ...("max" in point ? { max: Number(point.max) } : {}),
  };
  if (kind === "histogram") {
    const boundaries = numbers(point.explicitBounds);
    const sent = numbers(point.bucketCounts);
    const counts = sent.length + boundaries.length === 0 ? [common.count] : sent;
    if (counts.length !== boundaries.length + 1 || !counts.every(isCount)) return "invalid_histogram";
    return { kind: "explicit", ...common, boundaries, counts };
  }
  const scale = Number(point.scale ?? 0);
  if (scale < -11 || scale > 20) return "invalid_histogram";
  const zeroCount = Number(point.zeroCount ?? 0);
  const [positive, negative] = [bucketsOf(point.positive), bucketsOf(point.negative)];
  const counts = [zeroCount, ...positive.bucketCounts, ...negative.bucketCounts];
  if (!counts.every(isCount)) return "invalid_histogram";
  return { kind: "exponential", ...common, scale, zeroCount, positive, negative };
}

const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;

function bucketsOf(buckets: unknown): { offset: number; bucketCounts: number[] } {
  const { offset = 0, bucketCounts } = (buckets ?? {}) as Message;
  return { offset: Number(offset), bucketCounts: numbers(bucketCounts) };
}

function labelsOf(attributes: unknown): Labels {
  const labels: Record<string, string> = {};
  for (const attribute of list(attributes)) {
    const value = (attribute.value ?? {}) as Message;
    const text = value.stringValue ?? value.bytesValue;
    const key = String(attribute.key ?? "");
    Object.defineProperty(labels, key === "" ? "_" : key, {
      value: typeof text === "string" ? text : Object.keys(value).length === 0 ? "" : jsonOf(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return labels;
}

function jsonOf(value: Message): string {
  const [[name, given] = []] = Object.entries(value);
  if (name === "intValue") return String(given);
  if (name === "doubleValue") return JSON.stringify(Number(given));
  if (name === "arrayValue")
    return `[${list((given as Message).values)
      .map(jsonOf)
      .join(",")}]`;
  if (name !== "kvlistValue") return JSON.stringify(given ?? null);
  const pairs = list((given as Message).values).map(
    (pair) => `${JSON.stringify(pair.key ?? "")}:${jsonOf((pair.value ?? {}) as Message)}`,
  );
  return `{${pairs.join(",")}}`;
}

function millisOf(nanos: unknown): number {
  return Number(BigInt(String(nanos ?? 0)) / 1_000_000n);
}

function list(value: unknown): readonly Message[] {
  return (value ?? []) as readonly Message[];
}

function numbers(value: unknown): number[] {
  return ((value ?? []) as readonly unknown[]).map(Number);
}
