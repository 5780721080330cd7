import * as v from "valibot";
import { isTime } from "../core/is-time.ts";
import type { Labels } from "../core/series-key.ts";

/** One series of an answer. */
export interface AnsweredSeries {
  /** With `__name__`, if it has a name. */
  readonly labels: Labels;
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** A finite number for each time. */
  readonly values: readonly number[];
}

/** What else was in an answer. */
export interface AnswerSummary {
  readonly series: number;
  /** Values that were left out because they are NaN or infinite. */
  readonly notFinite: number;
  /** Native histograms, which are no numbers: they were left out. */
  readonly histograms: number;
}

/** What a query asks for: `vector` at one time, `matrix` at several. */
export type ResultType = "vector" | "matrix";

const texts = v.nullish(v.array(v.string()), []);
const frame = v.object({
  status: v.picklist(["success", "error"]),
  data: v.optional(v.object({ resultType: v.optional(v.string()) })),
  errorType: v.optional(v.string()),
  error: v.optional(v.string()),
  warnings: texts,
  infos: texts,
  // Of VictoriaMetrics.
  isPartial: v.optional(v.boolean(), false),
});

/** An answer without its series. */
export type AnswerFrame = v.InferOutput<typeof frame>;

/** Reads an answer without its series; `undefined` if it is none of a Prometheus API. */
export function frameOf(text: string): AnswerFrame | undefined {
  const read = v.safeParse(frame, jsonOf(text));
  return read.success ? read.output : undefined;
}

/** What a Prometheus API remarked on an answer. */
export function remarksOf({ warnings, infos, isPartial }: AnswerFrame): string[] {
  return [...(warnings ?? []), ...(infos ?? []), ...(isPartial ? ["the answer is partial"] : [])];
}

type Point = readonly [seconds: number, value: string];

/** A series as it is written: `value` in a vector, `values` in a matrix. */
interface WrittenSeries {
  readonly metric: Labels;
  readonly value?: Point;
  readonly values?: readonly Point[] | null;
  readonly histogram?: unknown;
  readonly histograms?: readonly unknown[] | null;
}

/** Reads the series of an answer and counts what is left out. */
export class SeriesReader {
  series = 0;
  notFinite = 0;
  histograms = 0;

  /**
   * Reads one series.
   *
   * @throws SyntaxError or TypeError if the text is no series.
   */
  read(text: string): AnsweredSeries {
    const { metric, value, values, histogram, histograms } = JSON.parse(text) as WrittenSeries;
    const points = values ?? (value === undefined ? [] : [value]);
    this.series += 1;
    this.histograms += histograms?.length ?? (histogram === undefined ? 0 : 1);
    const times: number[] = [];
    const numbers: number[] = [];
    for (const [seconds, written] of points) {
      // "NaN" is NaN, and so is "+Inf" for JavaScript: both are left out.
      const number = Number(written);
      if (Number.isFinite(number)) {
        times.push(checkedTime(seconds));
        numbers.push(number);
      } else this.notFinite += 1;
    }
    return { labels: checkedLabels(metric), times, values: numbers };
  }

  get summary(): AnswerSummary {
    const { series, notFinite, histograms } = this;
    return { series, notFinite, histograms };
  }
}

/** In epoch milliseconds. */
function checkedTime(seconds: unknown): number {
  const at = typeof seconds === "number" ? Math.round(seconds * 1000) : Number.NaN;
  if (!isTime(at)) throw new TypeError("a point has no time");
  return at;
}

function checkedLabels(labels: unknown): Labels {
  if (typeof labels !== "object" || labels === null) throw new TypeError("a series has no labels");
  for (const value of Object.values(labels))
    if (typeof value !== "string") throw new TypeError("a label is no text");
  return labels as Labels;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
