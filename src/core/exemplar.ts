/** The trace in which something happens, and when: epoch milliseconds. */
export interface TraceMoment {
  readonly traceId: string;
  readonly spanId: string;
  readonly at: number;
}

/** One of the values of a histogram, with its trace. */
export interface Exemplar extends TraceMoment {
  readonly value: number;
}

/**
 * Where a histogram has its exemplar. A symbol is in no JSON and no message, and whoever prints or
 * compares the histogram does not see it if it is not enumerable. All copies of this package in the
 * process use the same.
 */
export const EXEMPLAR = Symbol.for("otel-forecast.exemplar");

/** The exemplar of a histogram, if it has one. */
export function exemplarOf(histogram: object | undefined): Exemplar | undefined {
  return (histogram as { readonly [EXEMPLAR]?: Exemplar } | undefined)?.[EXEMPLAR];
}
