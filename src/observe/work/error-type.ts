const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const MAX_CAUSES = 5;

/** Whether work ended because somebody gave it up. A time limit that ran out is a failure. */
export function isAbort(error: unknown): boolean {
  return chainOf(error).some((it) => look(it, "name") === "AbortError");
}

/**
 * A short name for an error: the system's error code in it or among its causes (`ECONNREFUSED`), else the name of its
 * class. Of an error that stands for several attempts, the last attempt's. Messages are not read.
 */
export function errorTypeOf(error: unknown): string {
  const last = look(error, "lastError");
  const real = last === undefined ? error : last;
  const chain = chainOf(real);
  const code = chain.map((it) => look(it, "code")).find((it) => typeof it === "string" && CODE.test(it));
  const name = code ?? look(real, "name");
  return typeof name === "string" && name !== "" ? name : typeof real;
}

/** An error and what caused it, as far as that may be looked at. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let it = error; it !== undefined && it !== null && chain.length < MAX_CAUSES; it = look(it, "cause"))
    chain.push(it);
  return chain;
}

/** A property of anything, where that may be looked at. */
export function look(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | undefined | null)?.[key];
  } catch {
    return undefined;
  }
}
