/** One saved thing, such as a series with what was learnt of it. */
export interface StateRecord {
  /** What kind of thing it is. Has no line breaks. */
  readonly kind: string;
  /** Tells it from others of its kind, and decides its slot, unless that is given. */
  readonly id: string;
  readonly slot?: number;
  /**
   * Another number each time that the data changes. A record with the version that was saved last is not
   * written again; without a version it always is.
   */
  readonly version?: number;
  /** The thing as plain data: JSON, any number, and `Float64Array`. `undefined` removes the record. */
  readonly data: () => unknown;
}

/** A record that a process before this one saved. */
export interface LoadedRecord {
  readonly kind: string;
  readonly id: string;
  readonly slot: number;
  readonly data: unknown;
  /** `false`: a later record of the same thing, or its removal, may have been lost with a damaged file. */
  readonly isLatest: boolean;
}

/** What the state of a slot is good for, such as an offset for each partition of a topic. */
export type SlotOffsets = Readonly<Record<string, number>>;
