/** The trace in which something happens, and when: epoch milliseconds. */
export interface TraceMoment {
  readonly traceId: string;
  readonly spanId: string;
  readonly at: number;
}

/** One of the values of a histogram or of the increments of a counter, with its trace. */
export interface Exemplar extends TraceMoment {
  readonly value: number;
}

/**
 * Where a histogram, or the point of a counter, has its exemplar. A symbol is in no JSON and no message, and
 * whoever prints or compares the object does not see it if it is not enumerable. All copies of this package in the
 * process use the same.
 */
export const EXEMPLAR = Symbol.for("otel-forecast.exemplar");

/** The exemplar of a histogram or of the point of a counter, if it has one. */
export function exemplarOf(bearer: object | undefined): Exemplar | undefined {
  return (bearer as { readonly [EXEMPLAR]?: Exemplar } | undefined)?.[EXEMPLAR];
}

/** Gives an object an exemplar, if there is one. */
export function withExemplar<Bearer extends object>(bearer: Bearer, exemplar: Exemplar | undefined): Bearer {
  return exemplar === undefined ? bearer : Object.defineProperty(bearer, EXEMPLAR, { value: exemplar });
}
