import { classOrCode } from "./error-name.ts";

/** The type of an error that has no code and no name. */
export const UNKNOWN_ERROR = "unknown";
/** A chain of causes may be a cycle, or have no end. */
const MAX_CHAIN = 8;

/**
 * A code as systems and libraries write it: `ECONNREFUSED`, `ERR_INVALID_ARG_TYPE`. Other codes may
 * be ids.
 */
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/**
 * A short name for an error: the first system code in its chain of causes (`ECONNREFUSED`), else
 * its name, else its class. Where its name is only `Error`, its class counts: many classes, as those of
 * `openai`, have no name of their own. A name that is a text is a message and is not used. For an error that
 * stands for several attempts (`lastError`), it is that of the last attempt's error. For a thrown
 * value that is no object, it is the type of the value.
 */
export function errorTypeOf(error: unknown): string {
  return errorTypeIn(chainOf(error));
}

/** What an error is, for the log, without its message, which may be a secret. */
export function kindOfError(error: unknown): string {
  return errorTypeOf(error);
}

/** Reads a property of any value; `undefined` where the value does not allow it. */
export function readProperty(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | undefined | null)?.[key];
  } catch {
    return undefined;
  }
}

/**
 * An error and its causes, the outermost first. An error of several attempts (`lastError`) is
 * replaced by the error of the last attempt.
 */
export function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  let current = error;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const lastError = readProperty(current, "lastError");
    if (isNothing(lastError)) {
      chain.push(current);
      current = readProperty(current, "cause");
      if (isNothing(current)) break;
    } else current = lastError;
  }
  return chain.length === 0 ? [error] : chain;
}

/** The same as `errorTypeOf`, for an error with its causes. */
export function errorTypeIn(chain: readonly unknown[]): string {
  for (const error of chain) {
    const code = readProperty(error, "code");
    if (typeof code === "string" && CODE.test(code) && classOrCode(code) !== undefined) return code;
  }
  const [outermost] = chain;
  if (typeof outermost !== "object" || outermost === null) return typeof outermost;
  const name = classOrCode(readProperty(outermost, "name"));
  if (name !== undefined && name !== "Error") return name;
  return classOfConstructor(outermost) ?? name ?? UNKNOWN_ERROR;
}

/** A plain object has the constructor `Object`, which is no class of errors. */
function classOfConstructor(error: object): string | undefined {
  const name = readProperty(readProperty(error, "constructor"), "name");
  return name === "Object" || isOfMinifier(name) ? undefined : classOrCode(name);
}

/** Each build may give such a name to another class. */
function isOfMinifier(name: unknown): boolean {
  return typeof name === "string" && name.length < 4;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
