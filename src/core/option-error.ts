/** The start of every error message of this package. */
export const PREFIX = "otel-forecast: ";

/**
 * The error for an invalid option or argument.
 *
 * @param what names the option, the expected value and the given value.
 * @param cause the error that is the reason, if there is one.
 */
export function optionError(what: string, cause?: unknown): TypeError {
  return new TypeError(`${PREFIX}${what}`, cause === undefined ? undefined : { cause });
}
