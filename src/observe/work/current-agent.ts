import { AsyncLocalStorage } from "node:async_hooks";
import type { Invocation } from "./invocation.ts";

/** The agent whose work runs now. */
export interface CurrentAgent {
  readonly agentName: string;
  /** The run of the agent, if its steps are told one by one. */
  readonly invocation?: Invocation | undefined;
}

/** Knows around any code which agent it works for. */
export const currentAgent = new AsyncLocalStorage<CurrentAgent>();
