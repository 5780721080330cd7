import { MAX_POINTS } from "../promql/limits.ts";
import type { RangeQuery } from "../promql/prometheus-client.ts";
import { askedAt, slotsOf, type TierRange } from "./tier-ranges.ts";

/**
 * Each value of an expression is kept in the memory of Prometheus until the query ends. It refuses
 * queries with more than 50 million (`--query.max-samples`), and has several queries at once.
 */
const MAX_EVALUATIONS = 2_000_000;
/** One answer is some 10 MB long at most. */
const MAX_ANSWERED_POINTS = 300_000;
/** The longest step between two looks at which series there are: series are found for 5 minutes. */
const LOOKBACK_MILLIS = 300_000;
/** About so many looks. */
const LOOKS = 300;

/**
 * The query for the slots of a tier.
 *
 * The finest tier asks for the expression itself. A coarser tier asks for the mean of its values at
 * the multiples of the collection interval in each slot, by a subquery. Prometheus 3 leaves out the
 * start of the range of a subquery, 2.x does not. So the range begins and ends a millisecond before
 * a multiple of the step, where no value is: both give those from the start of the slot to its end,
 * the end left out. (A collection interval that shares no factor with the step, such as 10,001 ms,
 * has a value there once in a while.) The times of the query itself are multiples of the step, so
 * that servers which align queries do not change them.
 *
 * @param isFiltered whether `NaN` and infinite values are left out, as they are by us. They make the
 * mean of a slot `NaN` or infinite. To leave them out costs Prometheus several times as much.
 */
export function queryOf(
  expression: string,
  range: TierRange,
  intervalMillis: number,
  isFiltered = false,
): RangeQuery {
  const { tier, stepMillis, first, last } = range;
  const subquery = `[${stepMillis}ms:${intervalMillis}ms] offset 1ms`;
  const values = isFiltered ? `((${expression}\n) > -Inf) < Inf` : `${expression}\n`;
  return {
    query: tier === 0 ? expression : `avg_over_time((${values})${subquery})`,
    start: askedAt(range, first),
    end: askedAt(range, last),
    stepMillis,
  };
}

/**
 * A query for the series that had a value in the range of the finest tier, with the time in seconds
 * at which they had it last: now, or at one of several looks before. (`timestamp` would be more
 * exact, but costs Prometheus 15 times as much.)
 */
export function presenceQuery(expression: string, range: TierRange): string {
  const { stepMillis } = range;
  const span = slotsOf(range) * stepMillis;
  const step = stepMillis * Math.ceil(Math.min(span / LOOKS, LOOKBACK_MILLIS) / stepMillis);
  const time = `((${expression}\n) * 0 + time())`;
  return `max_over_time(${time}[${span}ms:${step}ms]) or ${time}`;
}

/** The number of slots that one query may ask for, if its expression has so many series. */
export function slotsOfQuery(
  { tier, stepMillis }: TierRange,
  series: number,
  intervalMillis: number,
): number {
  const evaluations = tier === 0 ? 1 : Math.max(1, stepMillis / intervalMillis);
  const most = Math.min(MAX_POINTS, MAX_ANSWERED_POINTS / series, MAX_EVALUATIONS / (series * evaluations));
  return Math.max(1, Math.floor(most));
}
