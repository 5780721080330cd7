import { isAsyncFunction, watchResult } from "../work/watched-result.ts";

/** Does something and tells how it went, in the end and whatever it gives back, which is handed on as it is. */
export function tell(work: () => unknown, told: (failedWith?: unknown) => void): unknown {
  return watchResult(work, isAsyncFunction(work), {
    succeeded: () => told(),
    failed: (error) => told(error ?? "unknown"),
    unknown: () => {},
  });
}
