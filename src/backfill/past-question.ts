import { emptyLabels, type Labels } from "../core/series-key.ts";
import { labelName } from "../prometheus/label-texts.ts";

/** How the past of the series of one metric is asked for. */
export interface PastQuestion {
  /** The Prometheus name of the metric. */
  readonly metric: string;
  /**
   * The PromQL expression whose series are those of the metric.
   *
   * @param selector matchers that leave out series nobody asks for: `pod="a",zone=~"b|c"`, or empty.
   */
  expression(selector: string): string;
  /** Whether the series have no other labels than ours. Otherwise they may have more, such as `job`. */
  readonly isExact: boolean;
}

/** A number that is made of the points of a counter or a histogram. */
interface WindowedQuestion {
  /** The Prometheus name of the series that is made. */
  readonly metric: string;
  /** The window that it looks back, in milliseconds. */
  readonly windowMillis: number;
  /** The labels that distinguish the series: others are summed over. Absent: all labels. */
  readonly by?: readonly string[] | undefined;
}

/** Asks for the series of a query that is also pulled. */
export function askedByQuery(metric: string, query: string): PastQuestion {
  return { metric, isExact: true, expression: () => query };
}

/** Asks for a gauge by its Prometheus name. */
export function askedByName(metric: string): PastQuestion {
  return { metric, isExact: false, expression: (selector) => selected(metric, selector) };
}

/** Asks for the rate of a counter. `counter` is its Prometheus name, which ends in `_total`. */
export function askedAsRate({
  counter,
  metric,
  windowMillis,
  by,
}: WindowedQuestion & { readonly counter: string }): PastQuestion {
  return {
    metric,
    isExact: false,
    expression: (selector) => summed(`rate(${selected(counter, selector)}[${windowMillis}ms])`, by),
  };
}

/** Asks for a quantile of a histogram with classic buckets, by its Prometheus name without `_bucket`. */
export function askedAsQuantile({
  histogram,
  metric,
  quantile,
  windowMillis,
  by,
}: WindowedQuestion & { readonly histogram: string; readonly quantile: number }): PastQuestion {
  const ofBuckets = by === undefined ? undefined : ["le", ...by];
  return {
    metric,
    isExact: false,
    expression: (selector) => {
      const rate = `rate(${selected(`${histogram}_bucket`, selector)}[${windowMillis}ms])`;
      return `histogram_quantile(${quantile}, ${summed(rate, ofBuckets)})`;
    },
  };
}

/**
 * The labels of a series of ours as Prometheus has them. Attribute keys become labels; texts of keys
 * that become the same label are joined. A label without a text is none.
 */
export function labelsInPrometheus(labels: Labels): Labels {
  const named = emptyLabels();
  for (const key of Object.keys(labels).sort()) {
    const text = labels[key]?.toWellFormed() ?? "";
    if (text === "") continue;
    const name = labelName(key);
    named[name] = name in named ? `${named[name]};${text}` : text;
  }
  return named;
}

function selected(name: string, selector: string): string {
  return selector === "" ? name : `${name}{${selector}}`;
}

function summed(expression: string, by: readonly string[] | undefined): string {
  return by === undefined ? expression : `sum by (${by.map(labelName).join(", ")}) (${expression})`;
}
