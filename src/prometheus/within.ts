import { clearTimeout, setTimeout } from "node:timers";

/** The log shows the name of this class. */
class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/** The result of the work. Rejects if it takes longer; it goes on nevertheless. */
export async function within<T>(millis: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TimeoutError(`no metrics within ${Math.round(millis)} ms`)),
      millis,
    ).unref();
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
