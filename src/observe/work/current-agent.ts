import { AsyncLocalStorage } from "node:async_hooks";
import type { Invocation } from "./invocation.ts";

/** The agent whose work runs now. */
export interface CurrentAgent {
  readonly agentName: string;
  /** The run of the agent, if its steps are recorded one by one. */
  readonly invocation?: Invocation | undefined;
}

/** The agent that the running code works for. */
export const currentAgent = new AsyncLocalStorage<CurrentAgent>();
