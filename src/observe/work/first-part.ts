import type { Invocation } from "./invocation.ts";

/**
 * A model is asked now. Call the returned function for each part of its answer, if that is streamed: the time
 * to the first part is recorded.
 */
export function awaitFirstPart(
  invocation: Invocation,
  model: string | undefined,
  elapsedMillis: () => number,
): () => void {
  let waitsSince: number | undefined = elapsedMillis();
  return () => {
    if (waitsSince === undefined) return;
    invocation.firstTokenArrived((elapsedMillis() - waitsSince) / 1000, model);
    waitsSince = undefined;
  };
}
