import { endingOfError } from "../../agents/error-policy.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import type { ProviderModelCall } from "../work/model-call.ts";
import type { AnswerPart } from "./answer.ts";

/** The error type of a stream that ended before its answer was complete. */
const BROKEN_STREAM = "stream_error";
const SUCCESS = { outcome: "success" } as const;
const CANCELLED = { outcome: "cancelled" } as const;

type Ending = Parameters<ProviderModelCall["ended"]>[0];

/** Reads the data of an answer, or of a part of it. */
export type ReadPart = (part: unknown) => AnswerPart;

/**
 * Collects the data of the parts of an answer, and records it at the end. It never throws. If it cannot
 * read an answer, `report` receives the error.
 */
export class AnswerLog {
  readonly #call: ProviderModelCall;
  readonly #read: ReadPart;
  readonly #report: (error: unknown) => void;
  #usage: TokenUsage | undefined;
  #beside: AnswerPart["beside"];
  #model: string | undefined;
  /** The error that the answer itself reports. */
  #error: Ending | undefined;
  #isComplete = false;

  constructor(call: ProviderModelCall, read: ReadPart, report: (error: unknown) => void) {
    this.#call = call;
    this.#read = read;
    this.#report = report;
  }

  /** The whole answer has arrived. */
  answered(answer: unknown): void {
    this.#take(answer);
    this.#end(this.#error ?? SUCCESS);
  }

  /** A part of a stream has arrived. */
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
      const { usage, beside, model, isComplete, errorType } = taken;
      this.#usage = later(this.#usage, usage);
      this.#beside = beside ?? this.#beside;
      this.#model = model ?? this.#model;
      if (errorType !== undefined) this.#error = { outcome: "failure", errorType };
      this.#isComplete ||= isComplete === true;
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
    this.#end(endingOfError(error));
  }

  /**
   * The stream has no more parts. One that was aborted ends in the same way as one that broke off.
   */
  streamEnded(wasAborted: boolean): void {
    if (this.#error !== undefined) this.#end(this.#error);
    else if (this.#isComplete) this.#end(SUCCESS);
    else this.#end(wasAborted ? CANCELLED : { outcome: "failure", errorType: BROKEN_STREAM });
  }

  /** The application reads no further. */
  streamLeft(): void {
    this.streamEnded(true);
  }

  /** The application has the raw response. It may read the body itself, or have it read later. */
  leftUnread(): void {
    this.#end(SUCCESS);
  }

  /** Nobody can read the answer any more. */
  abandoned(): void {
    this.#call.close();
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
