/** The errors of one forecaster at one number of steps ahead: actual minus predicted. */
export interface HorizonErrors {
  readonly horizon: number;
  readonly errors: Float64Array;
  /** How many points ago each error was made. */
  readonly age: Int32Array;
}

/** Mean absolute error over all origins and horizons; 0 without errors. */
export function meanAbsoluteError(horizons: readonly HorizonErrors[]): number {
  let total = 0;
  let count = 0;
  for (const { errors } of horizons) {
    for (let origin = 0; origin < errors.length; origin++) total += Math.abs(errors[origin] as number);
    count += errors.length;
  }
  return count > 0 ? total / count : 0;
}
