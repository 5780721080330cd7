import { readProperty } from "../../core/error-type.ts";

/** What the options of a query say of it. */
export interface QueryOptions {
  /** The name of the main agent. */
  readonly agentName: string | undefined;
  /** The signal by which the application aborts the query. */
  readonly signal: AbortSignal | undefined;
}

/** Reads the options that the application gives to the SDK. */
export function queryOptions(options: object): QueryOptions {
  const agent = readProperty(options, "agent");
  const signal = readProperty(readProperty(options, "abortController"), "signal");
  return {
    agentName: typeof agent === "string" && agent !== "" ? agent : undefined,
    signal: signal instanceof AbortSignal ? signal : undefined,
  };
}
