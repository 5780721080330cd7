import type { AnswerWatcher } from "./answer-watcher.ts";
import { watchIterable, watchParts } from "./watched-stream.ts";

/** Watches the answer of a method that returns a promise. Its caller gets another one, which ends in the same way. */
export async function watchPromise(result: Promise<unknown>, answer: AnswerWatcher): Promise<unknown> {
  try {
    const value = await result;
    if (isParts(value)) watchParts(value, answer, () => false);
    else answer.answered(value);
    return value;
  } catch (error) {
    answer.failed(error);
    throw error;
  }
}

/** Watches the stream of a method that returns a promise of a class of the SDK, which alone awaits it. */
export function watchStreamOf(result: PromiseLike<unknown>, answer: AnswerWatcher): void {
  const succeeded = (stream: unknown): void => {
    if (!(stream instanceof Object && watchIterable(stream, answer))) answer.abandoned();
  };
  result.then(succeeded, (error) => answer.failed(error));
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | undefined)?.then === "function";
}

function isParts(value: unknown): value is AsyncGenerator<unknown> {
  const { next, return: leave, throw: fail } = (value ?? {}) as Partial<AsyncGenerator<unknown>>;
  return [next, leave, fail].every((method) => typeof method === "function");
}
