import type { Labels } from "./series-key.ts";

/**
 * What has labels, and makes them when they are read. Series are thousands, and each has several sets of
 * labels, which hardly anybody reads twice.
 */
export interface LabelOwner {
  /** The labels of the number in a column. */
  labelsOf(column: number): Labels;
  /** Two columns of which this is the same number have the same labels. */
  labelSetOf(column: number): number;
}

/** Names of fields that no point of others has. */
export const OWNER = Symbol("label owner");
export const LABEL_SET = Symbol("label set");

/** A point whose labels are made when they are read. */
export interface LateLabelled {
  readonly [OWNER]: LabelOwner;
  /** Which labels of the owner it has. */
  readonly [LABEL_SET]: number;
}
