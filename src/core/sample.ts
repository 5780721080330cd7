/** One value of one series. `at` is in epoch milliseconds. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}
