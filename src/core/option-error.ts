/** What every message of an error of this package begins with. */
const PREFIX = "otel-forecast: ";

/**
 * The error for an option, or an argument, that cannot be used.
 *
 * @param what names the option, what was expected and what was given.
 * @param cause the error that it comes from, if any.
 */
export function optionError(what: string, cause?: unknown): TypeError {
  return new TypeError(`${PREFIX}${what}`, cause === undefined ? undefined : { cause });
}
