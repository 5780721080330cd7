/** Follows how an application reads an answer. It never throws. */
export interface AnswerWatcher {
  /** The whole answer has arrived. */
  answered(answer: unknown): void;
  /** A part of a stream has arrived. */
  part(part: unknown): void;
  failed(error: unknown): void;
  /** The stream has no more parts. One that was aborted ends in the same way as one that broke off. */
  streamEnded(wasAborted: boolean): void;
  /** The application reads no further. */
  streamLeft(): void;
  /** The application has the raw response. It may read the body itself, or have it read later. */
  leftUnread(): void;
  /** Nobody can read the answer any more. */
  abandoned(): void;
}
