import type { DroppedReason } from "./stream.ts";

/** Options of a `StreamTable`. */
export interface StreamTableOptions {
  /** Epoch milliseconds by the clock of this machine, which can be set at any time. */
  now(): number;
  /** The same by a clock that jumps only when `follow` is called. Default: the clock of this machine. */
  followedNow?(): number;
  /** How far rates and percentiles look back. */
  readonly windowMillis: number;
  /** A gauge counts for so long after its last value. */
  readonly staleMillis: number;
  /** A stream that was not heard of for so long is forgotten. */
  readonly expiryMillis: number;
  /** The most streams of one tenant. */
  readonly maxStreams: number;
  /** The label that names the tenant. */
  readonly tenantLabel: string;
  /** Whether this member of a group forecasts a series. Default: it forecasts all. */
  owns?(seriesId: string): boolean;
  /** Whether there is memory for more streams. Default: there is. */
  hasMemory?(): boolean;
  /** Receives what was left out. */
  dropped(reason: DroppedReason, tenant: string | undefined): void;
}
