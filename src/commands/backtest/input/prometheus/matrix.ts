import * as v from "valibot";
import { isTime } from "../../../../core/is-time.ts";
import { mapping } from "../../../../core/mapping.ts";
import { BadInput } from "../../../bad-input.ts";
import { onGrids, type ReadSeries, type SampledSeries, type Untested } from "../grid-series.ts";

const seconds = v.custom<number>((value) => typeof value === "number" && isTime(value * 1000));
const point = v.tuple([seconds, v.string()]);
const matrix = v.object({
  status: v.literal("success"),
  data: v.object({
    resultType: v.literal("matrix"),
    result: v.array(
      v.object({
        metric: mapping(v.string(), v.string()),
        values: v.nullish(v.array(point), []),
        histograms: v.nullish(v.array(v.unknown()), []),
      }),
    ),
  }),
  warnings: v.nullish(v.array(v.string()), []),
  infos: v.nullish(v.array(v.string()), []),
  // Of VictoriaMetrics.
  isPartial: v.optional(v.boolean(), false),
});
const refusal = v.object({ status: v.literal("error"), error: v.string() });

/** One series of an answer. */
interface MatrixSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Epoch seconds and values. */
  readonly values: readonly (readonly [number, string])[];
  readonly hasHistograms: boolean;
}

/** The answer to a range query. */
export interface Matrix {
  readonly result: readonly MatrixSeries[];
  /** What Prometheus remarked, as text for the user. */
  readonly notes: readonly string[];
}

/** Whether a JSON value is an answer of the API of Prometheus, of any kind. */
export function isAnswer(value: unknown): boolean {
  return v.is(v.object({ status: v.picklist(["success", "error"]) }), value);
}

/**
 * Reads the answer to a range query.
 *
 * @throws BadInput when it is an error or anything else than a matrix.
 */
export function matrixOf(source: string, body: unknown, status: number): Matrix {
  const refused = v.safeParse(refusal, body);
  if (refused.success) throw new BadInput(`${source}: Prometheus answered: ${refused.output.error}`);
  const answer = v.safeParse(matrix, body);
  if (!answer.success) {
    throw new BadInput(
      `${source}: expected the answer to a range query (a matrix), got something else (HTTP ${status})`,
    );
  }
  const { data, warnings, infos, isPartial } = answer.output;
  return {
    result: data.result.map(({ metric, values, histograms }) => ({
      metric,
      values: values ?? [],
      hasHistograms: (histograms ?? []).length > 0,
    })),
    notes: [
      ...(warnings ?? []).map((text) => `Prometheus warned: ${text}`),
      ...(infos ?? []).map((text) => `Prometheus remarked: ${text}`),
      ...(isPartial ? ["Prometheus warned: the answer is partial"] : []),
    ],
  };
}

/** Joins the answers to successive parts of a range. */
export function joined(parts: readonly Matrix[]): Matrix {
  const byLabels = Map.groupBy(
    parts.flatMap(({ result }) => result),
    ({ metric }) => JSON.stringify(Object.entries(metric).sort()),
  );
  return {
    result: Array.from(byLabels.values(), (series) => ({
      metric: series[0]?.metric ?? {},
      values: series.flatMap(({ values }) => values),
      hasHistograms: series.some(({ hasHistograms }) => hasHistograms),
    })),
    notes: [...new Set(parts.flatMap(({ notes }) => notes))],
  };
}

/**
 * The series of an answer. Series that cannot be tested, such as native histograms, are named with
 * the reason.
 *
 * @throws BadInput when the answer has no series.
 */
export function seriesOfMatrix(source: string, { result, notes }: Matrix): ReadSeries {
  if (result.length === 0) {
    throw new BadInput(`${source}: the query has no series in this range`, ...notes);
  }
  const plain = result.filter(({ values }) => values.length > 0);
  const sampled = plain.map(({ metric, values }): SampledSeries => {
    const samples = values.map(([seconds, value]) => ({ at: seconds * 1000, value: finiteOrGap(value) }));
    return { id: nameOf(metric), samples };
  });
  const mixed = plain.filter(({ hasHistograms }) => hasHistograms);
  const { series, untested } = onGrids(sampled);
  return {
    series,
    untested: [...untested, ...result.filter(({ values }) => values.length === 0).map(withoutNumbers)],
    notes: [
      ...notes,
      ...mixed.map(
        ({ metric }) => `${nameOf(metric)}: its native histograms were left out, its numbers were read`,
      ),
    ],
  };
}

/**
 * Reads an answer that was saved.
 *
 * @throws BadInput when it is not a matrix with at least one series.
 */
export function readMatrix(source: string, body: unknown): ReadSeries {
  return seriesOfMatrix(source, matrixOf(source, body, 200));
}

function withoutNumbers({ metric, hasHistograms }: MatrixSeries): Untested {
  const reason = hasHistograms
    ? "native histograms, not numbers: query one number of them, such as histogram_quantile(0.95, rate(x[5m])) or histogram_count(x)"
    : "no value in this range";
  return { id: nameOf(metric), reason };
}

function finiteOrGap(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

function nameOf({ __name__: name = "", ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name || "value" : `${name}{${pairs.join(",")}}`;
}
