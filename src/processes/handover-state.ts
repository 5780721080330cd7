import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { isShown } from "./worker-metrics.ts";

/** What the process with the port knows of all workers. Its successor continues from it. */
export interface HandoverState {
  /** Whether it is for the case that the successor ends too. Absent: it is not. */
  readonly isSpare?: boolean;
  readonly id: string;
  /** The number of the successor. */
  readonly number: number;
  readonly ended: readonly ScopeMetrics[];
  readonly workers: readonly {
    readonly id: string;
    readonly number: number;
    readonly shown: readonly ScopeMetrics[];
  }[];
  /** What each of them used today, to be read by `readUsedToday`. */
  readonly used?: readonly { readonly id: string; readonly today: unknown }[];
}

/** The start of a spare handover, as JSON, which may be long. */
const SPARE_START = '{"isSpare":true,';

/** A handover with its place: the first one is for the successor, the others are spare. */
export function withPlace(place: number, state: Omit<HandoverState, "isSpare">): HandoverState {
  return { isSpare: place > 0, ...state };
}

/** Whether a handover, as JSON, is spare. */
export function isSpare(handover: string): boolean {
  return handover.startsWith(SPARE_START);
}

/** Reads a handover; `undefined` if it is not valid. */
export function readHandover(line: string): HandoverState | undefined {
  try {
    const { id, number, ended, workers, used = [] } = JSON.parse(line) as Partial<HandoverState>;
    if (typeof id !== "string" || typeof number !== "number" || !isShown(ended)) return undefined;
    if (!Array.isArray(workers) || !workers.every(isHandedOver)) return undefined;
    if (!Array.isArray(used) || !used.every((one) => typeof one?.id === "string")) return undefined;
    return { id, number, ended, workers, used };
  } catch {
    return undefined;
  }
}

function isHandedOver({ id, number, shown }: HandoverState["workers"][number]): boolean {
  return typeof id === "string" && typeof number === "number" && isShown(shown);
}
