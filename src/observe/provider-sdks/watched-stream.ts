import { resembling } from "../../core/resembling.ts";
import type { AnswerWatcher } from "./answer-watcher.ts";

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;
type Parts = AsyncGenerator<unknown>;

/** Streams that nobody can read any more. */
const abandoned = new FinalizationRegistry<AnswerWatcher>((answer) => answer.abandoned());

/** The fields of the SDKs' `Stream` that are used. */
interface SdkStream {
  iterator(): Parts;
  readonly controller: AbortController;
}

/**
 * Watches the parts of a stream of `openai` or `@anthropic-ai/sdk` while the application reads them.
 * The stream is the same object; nothing is read ahead, and nothing is kept.
 *
 * @returns whether it is a stream of a known kind.
 */
export function watchStream(stream: object, answer: AnswerWatcher): boolean {
  const { iterator, controller } = stream as Partial<SdkStream>;
  if (typeof iterator !== "function") return false;
  const watched = resembling((): Parts => {
    return watchParts(iterator.call(stream), answer, () => controller?.signal.aborted === true);
  }, iterator);
  if (!Reflect.set(stream, "iterator", watched)) return false;
  abandoned.register(stream, answer);
  return true;
}

/**
 * Watches the parts of a stream that its SDK reads by an iterator of its own.
 *
 * @returns whether it is a stream that can be watched.
 */
export function watchIterable(stream: object, answer: AnswerWatcher): boolean {
  const iterate = (stream as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator];
  if (typeof iterate !== "function") return false;
  const watched: AnyMethod = function (...args) {
    return watchParts(Reflect.apply(iterate, this, args) as Parts, answer, () => false);
  };
  if (!Reflect.defineProperty(stream, Symbol.asyncIterator, hidden(resembling(watched, iterate))))
    return false;
  abandoned.register(stream, answer);
  return true;
}

/** Watches the parts of an async iterator, which stays the same object. */
export function watchParts(parts: Parts, answer: AnswerWatcher, wasAborted: () => boolean): Parts {
  const { next, return: leave, throw: fail } = parts;
  const watch = async (result: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    try {
      const part = await result;
      if (part.done === true) answer.streamEnded(wasAborted());
      else answer.part(part.value);
      return part;
    } catch (error) {
      answer.failed(error);
      throw error;
    }
  };
  const left = (value: unknown): ReturnType<Parts["return"]> => {
    answer.streamLeft();
    return leave.call(parts, value);
  };
  const failed = (error: unknown): ReturnType<Parts["throw"]> => {
    answer.streamLeft();
    return fail.call(parts, error);
  };
  Object.defineProperties(parts, {
    next: hidden((...args: [] | [unknown]) => watch(Reflect.apply(next, parts, args))),
    return: hidden(left),
    // An iterator may have none.
    ...(typeof fail === "function" && { throw: hidden(failed) }),
  });
  abandoned.register(parts, answer);
  return parts;
}

function hidden(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true, enumerable: false };
}
