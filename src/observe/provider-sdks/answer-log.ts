import { endingOfError } from "../../agents/error-policy.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import type { ProviderModelCall } from "../work/model-call.ts";
import type { AnswerPart } from "./answer.ts";
import type { AnswerWatcher } from "./answer-watcher.ts";
import type { BackgroundAnswers } from "./background.ts";

/** The error type of a stream that ended before its answer was complete. */
const BROKEN_STREAM = "stream_error";
const SUCCESS = { outcome: "success" } as const;
const CANCELLED = { outcome: "cancelled" } as const;

type Ending = Parameters<ProviderModelCall["ended"]>[0];

/** Reads the data of an answer, or of a part of it. */
export type ReadPart = (part: unknown) => AnswerPart;

/**
 * Collects the data of the parts of an answer, and records it at the end. If it cannot read an
 * answer, `report` receives the error. An answer that the provider works at in the background ends when its end is
 * seen.
 */
export class AnswerLog implements AnswerWatcher {
  readonly #call: ProviderModelCall;
  readonly #read: ReadPart;
  readonly #report: (error: unknown) => void;
  readonly #background: BackgroundAnswers | undefined;
  #usage: TokenUsage | undefined;
  #beside: AnswerPart["beside"];
  #model: string | undefined;
  /** The failure, or the cancellation, that the answer itself reports. */
  #error: Ending | undefined;
  #isComplete = false;
  #pendingId: string | undefined;

  /** @param background where it waits for its end; absent if it was not asked to be made in the background. */
  constructor(
    call: ProviderModelCall,
    read: ReadPart,
    report: (error: unknown) => void,
    background?: BackgroundAnswers,
  ) {
    this.#call = call;
    this.#read = read;
    this.#report = report;
    this.#background = background;
  }

  answered(answer: unknown): void {
    this.#take(answer);
    if (!this.#waits()) this.#end(this.#error ?? SUCCESS);
  }

  /**
   * The answer, or a part of it, was asked for later.
   *
   * @returns whether it has ended.
   */
  polled(part: unknown): boolean {
    if (this.#take(part)?.isComplete !== true) return false;
    this.#end(this.#error ?? SUCCESS);
    return true;
  }

  part(part: unknown): void {
    if (this.#take(part)?.hasOutput !== true) return;
    try {
      this.#call.firstTokenArrived();
    } catch (error) {
      this.#report(error);
    }
  }

  #take(part: unknown): AnswerPart | undefined {
    if (part === null || typeof part !== "object") return undefined;
    try {
      const taken = this.#read(part);
      const { usage, beside, model, isComplete, errorType, isCancelled, pendingId } = taken;
      this.#usage = later(this.#usage, usage);
      this.#beside = beside ?? this.#beside;
      this.#model = model ?? this.#model;
      if (errorType !== undefined) this.#error = { outcome: "failure", errorType };
      else if (isCancelled === true) this.#error = CANCELLED;
      this.#isComplete ||= isComplete === true;
      this.#pendingId = pendingId ?? this.#pendingId;
      return taken;
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  /** The request is sent again. */
  retried(): void {
    try {
      this.#call.retried();
    } catch (error) {
      this.#report(error);
    }
  }

  failed(error: unknown): void {
    if (!this.#waits()) this.#end(endingOfError(error));
  }

  streamEnded(wasAborted: boolean): void {
    if (this.#error !== undefined) this.#end(this.#error);
    else if (this.#isComplete) this.#end(SUCCESS);
    else if (!this.#waits())
      this.#end(wasAborted ? CANCELLED : { outcome: "failure", errorType: BROKEN_STREAM });
  }

  streamLeft(): void {
    this.streamEnded(true);
  }

  leftUnread(): void {
    this.#end(SUCCESS);
  }

  abandoned(): void {
    if (!this.#waits()) this.#call.close();
  }

  /** Whether the provider goes on with the answer, so that its end may be seen later. */
  #waits(): boolean {
    if (this.#isComplete || this.#pendingId === undefined || this.#background === undefined) return false;
    this.#background.add(this.#pendingId, this);
    return true;
  }

  #end(how: Ending): void {
    try {
      this.#call.ended(how, { usage: this.#usage, model: this.#model, beside: this.#beside });
    } catch (error) {
      this.#report(error);
    }
  }
}

/** Counts of a stream grow; a later part may leave out what an earlier one has told. */
function later(before: TokenUsage | undefined, now: TokenUsage | undefined): TokenUsage | undefined {
  if (before === undefined || now === undefined) return now ?? before;
  return tokenUsage(
    Math.max(before.input, now.input),
    Math.max(before.output, now.output),
    Math.max(before.cachedInput, now.cachedInput),
    Math.max(before.cacheWrite ?? 0, now.cacheWrite ?? 0),
  );
}
