import { messageOf } from "../../core/text-of.ts";

/** Errors of the client are seldom wrapped more often. */
const DEEPEST = 20;

/**
 * Why something failed, in a line. The client of Kafka wraps what a broker or a socket has said into errors
 * such as "Cannot connect to any broker".
 */
export function reasonOf(error: unknown): string {
  return messageOf(innermostError(error)).replace(/[.\s]+$/, "");
}

function innermostError(error: unknown): unknown {
  let found = error;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const inner = wrappedIn(found);
    if (inner === undefined) return found;
    found = inner;
  }
  return found;
}

function wrappedIn(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errors, cause } = error as Error & { readonly errors?: unknown };
  return [errors, cause].flat().find((inner) => inner instanceof Error);
}
