import type { AnswerLog } from "./answer-log.ts";
import { watchParts } from "./watched-stream.ts";

/**
 * Watches the answer of a method that the SDK itself awaits: the application never sees this
 * promise.
 */
export async function watchPromise(result: Promise<unknown>, answer: AnswerLog): Promise<unknown> {
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

function isParts(value: unknown): value is AsyncGenerator<unknown> {
  const { next, return: leave, throw: fail } = (value ?? {}) as Partial<AsyncGenerator<unknown>>;
  return [next, leave, fail].every((method) => typeof method === "function");
}
