/**
 * The forecast of a series, step by step: index 0 is one step ahead. All arrays have the same
 * length. At every step, `lower95 <= lower80 <= mean <= upper80 <= upper95`.
 */
export interface PredictedPath {
  readonly mean: Float64Array;
  readonly lower80: Float64Array;
  readonly upper80: Float64Array;
  readonly lower95: Float64Array;
  readonly upper95: Float64Array;
}

/** One step of a path. */
export interface PredictedStep {
  readonly mean: number;
  readonly lower80: number;
  readonly upper80: number;
  readonly lower95: number;
  readonly upper95: number;
}

/** A step to write on. */
export type WritableStep = { -readonly [Field in keyof PredictedStep]: PredictedStep[Field] };

/** A step without numbers. Who forecasts thousands of series keeps one to write on. */
export function noStep(): WritableStep {
  return {
    mean: Number.NaN,
    lower80: Number.NaN,
    upper80: Number.NaN,
    lower95: Number.NaN,
    upper95: Number.NaN,
  };
}
