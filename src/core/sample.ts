/** One number of one series at one time. `at` is in epoch milliseconds. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}
