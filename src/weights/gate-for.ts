import { AUTO, LEARNED } from "../forecast/fit-options.ts";
import type { Gate } from "../forecast/gate/gate.ts";
import { log } from "../logging/component-logger.ts";
import { learnedGate } from "./learned-gate.ts";

/** Where learned weights are used. */
export interface GateUse {
  /** Whether `auto` uses them too. Default: false. */
  readonly learned?: boolean;
  /** Receives why they cannot be used, once in a process. Default: the log. */
  readonly warn?: (message: string) => void;
}

let hasWarned = false;

/** The learned weights for a method; `undefined` for one that has none, or when they cannot be used. */
export function gateFor(
  method: string,
  { learned = false, warn = log.warn }: GateUse = {},
): Gate | undefined {
  if (method !== LEARNED && !(method === AUTO && learned)) return undefined;
  const known = learnedGate();
  if (known.gate === undefined && !hasWarned) {
    hasWarned = true;
    warn(`forecasts are made without learned weights: ${known.reason}`);
  }
  return known.gate;
}
