/** Does something and tells how it went, in the end and whatever it gives back, which is handed on. */
export function tell(work: () => unknown, told: (failedWith?: unknown) => void): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    told(error ?? "unknown");
    throw error;
  }
  if (typeof (result as Promise<unknown> | undefined)?.then !== "function") {
    told();
    return result;
  }
  // What is handed on is ours, so that a failure that nobody cares for is still one that nobody cared for.
  return (result as Promise<unknown>).then(
    (value) => {
      told();
      return value;
    },
    (error) => {
      told(error ?? "unknown");
      throw error;
    },
  );
}
