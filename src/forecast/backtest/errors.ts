/** The errors of one forecaster at one number of steps ahead: actual minus predicted. */
export interface HorizonErrors {
  readonly horizon: number;
  readonly errors: readonly number[];
  /** How many points ago each error was made. */
  readonly age: readonly number[];
}

/** Mean absolute error over all origins and horizons; 0 without errors. */
export function meanAbsoluteError(horizons: readonly HorizonErrors[]): number {
  let total = 0;
  let count = 0;
  for (const { errors } of horizons) {
    for (const error of errors) total += Math.abs(error);
    count += errors.length;
  }
  return count > 0 ? total / count : 0;
}
