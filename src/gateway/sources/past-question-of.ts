import {
  askedAsQuantile,
  askedAsRate,
  askedByName,
  askedByQuery,
  type PastQuestion,
} from "../../backfill/past-question.ts";
import { quantileOf, type ResolvedOutput } from "../../views/resolved-output.ts";

/** What is known of a source that is asked for the past. */
export interface AskedSource {
  /** PromQL by the name of the series that it gives. */
  readonly queries: ReadonlyMap<string, string>;
  /** Whether it is asked for series that are pushed to the gateway too. */
  readonly isForPushed: boolean;
  readonly windowMillis: number;
}

/**
 * How a source is asked for the past of a series. A series of a query is asked for by the query. Series
 * that are pushed are asked for by their Prometheus names, if the source can have them: what a view
 * filters or counts in another way than PromQL is learnt anew.
 */
export function pastQuestionOf(
  output: ResolvedOutput,
  { queries, isForPushed, windowMillis }: AskedSource,
): PastQuestion | undefined {
  const { metric, instrument, spec, view } = output;
  const query = queries.get(metric);
  if (query !== undefined) return askedByQuery(metric, query);
  if (!isForPushed || view.where !== undefined || spec.of !== undefined) return undefined;
  const by = view.by === "all" ? undefined : view.by;
  switch (spec.number) {
    case "level":
      return by === undefined ? askedByName(metric) : undefined;
    case "rate":
      return askedAsRate({ counter: instrument, metric, windowMillis, by });
    case "quantile":
      return askedAsQuantile({
        histogram: instrument,
        metric,
        quantile: quantileOf(spec),
        windowMillis,
        by,
      });
    default:
      return undefined;
  }
}
