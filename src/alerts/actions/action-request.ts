import type { Alert } from "../alert.ts";
import type { ResolvedAction } from "../rules.ts";

/** An action that an alert asks for. */
export interface ActionRequest {
  readonly action: ResolvedAction;
  readonly alert: Alert;
  /** Of the runs that share a key one runs at a time. */
  readonly key: string;
  readonly idempotencyKey: string;
  /** Says again, or takes back, what was said before: it costs nothing of the budget. */
  readonly isFree: boolean;
  /** Asked when the run could begin, which may be later than it was asked for. */
  isStillWanted(): boolean;
  /** Told when the run begins. */
  begins(): void;
}
