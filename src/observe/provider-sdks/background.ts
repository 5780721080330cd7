import type { AnswerWatcher } from "./answer-watcher.ts";

interface BackgroundAnswer {
  /** @returns whether the answer has ended. */
  polled(part: unknown): boolean;
}

/** Maximum of answers that are remembered. Beyond it, the one that began first is forgotten. */
const MAX_PENDING = 1000;

/** The answers that a provider works at in the background, by their ids, until their end is seen. */
export class BackgroundAnswers {
  readonly #pending = new Map<string, BackgroundAnswer>();

  add(id: string, answer: BackgroundAnswer): void {
    // One that is known begins anew, and takes nobody's place.
    this.#pending.delete(id);
    const [first] = this.#pending.keys();
    if (first !== undefined && this.#pending.size >= MAX_PENDING) this.#pending.delete(first);
    this.#pending.set(id, answer);
  }

  /** What watches a later answer about the one of this id. `undefined` if that has ended, or is not known. */
  poll(id: unknown): AnswerWatcher | undefined {
    const answer = this.#pending.get(id as string);
    if (answer === undefined) return undefined;
    const take = (part: unknown): void => {
      if (answer.polled(part)) this.#pending.delete(id as string);
    };
    // How such a request ends is not how the answer ends.
    const nothing = (): void => {};
    return {
      answered: take,
      part: take,
      failed: nothing,
      streamEnded: nothing,
      streamLeft: nothing,
      leftUnread: nothing,
      abandoned: nothing,
    };
  }

  clear(): void {
    this.#pending.clear();
  }
}
