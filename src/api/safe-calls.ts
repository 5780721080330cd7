import { kindOfError } from "../core/error-type.ts";
import { optionError, PREFIX } from "../core/option-error.ts";
import { messageOf } from "../core/text-of.ts";
import type { SkipLog } from "../logging/skip-log.ts";

/**
 * Runs calls that an application may hand anything. They never throw: what goes wrong is counted as
 * `invalid_argument`, and logged once for each method.
 */
export class SafeCalls {
  readonly #owner: string;
  readonly #skips: SkipLog;

  /** @param owner the name of the class, for the log. */
  constructor(owner: string, skips: SkipLog) {
    this.#owner = owner;
    this.#skips = skips;
  }

  /** The result of a call, or `otherwise` if it throws. */
  run<Result>(method: string, call: () => Result, otherwise: Result): Result {
    try {
      return call();
    } catch (error) {
      this.#skip(method, error);
      return otherwise;
    }
  }

  /** A promise that resolves when the call has ended. It never rejects. */
  async wait(method: string, call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#skip(method, error);
    }
  }

  #skip(method: string, error: unknown): void {
    const what = `${this.#owner}.${method}`;
    this.#skips.skipThrown("invalid_argument", `${what}: ${reasonOf(error)}`, error, what);
  }
}

/**
 * Runs what may throw when it is called with wrong options. Errors that are not ours, such as that
 * of a getter of the application, are named as the others are.
 *
 * @throws TypeError with the prefix of the package.
 */
export function withClearErrors<Result>(what: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    const message = messageOf(error);
    throw message.startsWith(PREFIX) ? error : optionError(`${what}: ${message}`, error);
  }
}

/** The message of an error of ours, which shows no value. A log line has its prefix already. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return message.startsWith(PREFIX) ? message.slice(PREFIX.length) : kindOfError(error);
}
