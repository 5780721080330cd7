import { MAX_NAME_LENGTH } from "../core/short-name.ts";

/** A class with its namespace: `RateLimitError`, `java.net.ConnectException`, `Net::ReadTimeout`. */
const CLASS = /^[A-Za-z_$][\w$]*(([.:\\]|::)[A-Za-z_$][\w$]*)*$/;
/** A code of several words: `rate-limit-exceeded`, `auth/user-not-found`, `ORA-00942`. */
const WORDS = /^[A-Za-z]+\d{0,3}([-_./][A-Za-z]+\d{0,3})*(-\d{3,5})?$/;
/** A number: an HTTP status, a code of JSON-RPC, an `HRESULT`. */
const NUMBER = /^(-?\d{1,5}|0x[0-9A-Fa-f]{1,8})$/;
/** A code of SQL, such as `42P01`. */
const SQL_STATE = /^[0-9A-Z]{5}$/;
/** The class with which a text begins, as in "RangeError: the message". */
const CLASS_OF_TEXT = /^((?:[A-Za-z_$][\w$]*(?:[.\\]|::))*[A-Z][\w$]*(?:Error|Exception)): /;

/** A name with more digits, or more runs of digits, is an id or a key. */
const MAX_DIGITS = 5;
const MAX_RUNS_OF_DIGITS = 3;

/**
 * The type of an error as a label: its class or its code. A text is a message, which may hold names
 * and keys of people: only the class in front of it is used.
 *
 * @returns `undefined` if there is no class and no code. Never throws.
 */
export function classOrCode(given: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  if (given.length <= MAX_NAME_LENGTH && isClassOrCode(given)) return given;
  return classOfText(given);
}

/** The class of the error in a text such as "RangeError: the message". The message is not read. */
export function classOfText(text: string): string | undefined {
  const found = CLASS_OF_TEXT.exec(text.slice(0, MAX_NAME_LENGTH))?.[1];
  return found !== undefined && hasFewDigits(found) ? found : undefined;
}

function isClassOrCode(name: string): boolean {
  if (NUMBER.test(name) || SQL_STATE.test(name)) return true;
  return (CLASS.test(name) || WORDS.test(name)) && hasFewDigits(name);
}

function hasFewDigits(name: string): boolean {
  const runs = name.match(/\d+/g) ?? [];
  return runs.length <= MAX_RUNS_OF_DIGITS && runs.join("").length <= MAX_DIGITS;
}
