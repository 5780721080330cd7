/** A time as it was written. */
export interface WrittenTime {
  /** Epoch milliseconds; for a time without a zone as if it were UTC. */
  readonly at: number;
  /** Whether the text names no zone. */
  readonly isLocal: boolean;
}

/** A way to write times. All times of a column are read in one format. */
export interface TimeFormat {
  /** The format as text after "expected". */
  readonly name: string;
  read(text: string): WrittenTime | undefined;
}
