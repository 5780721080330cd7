import { messageOf } from "./text-of.ts";

/** The part of a meter provider that its reader uses. */
interface Source<Options, Result> {
  collect(options?: Options): Promise<Result>;
}

/**
 * The same source, but all its errors are instances of `Error`. Callbacks of an application may
 * throw anything. For `null`, the SDK's reader would give up the whole collection.
 */
export function withReadableErrors<Options, Result extends { readonly errors: unknown[] }>(
  source: Source<Options, Result>,
): Source<Options, Result> {
  return {
    collect: async (options) => {
      const result = await source.collect(options);
      return result.errors.every(isReadable) ? result : { ...result, errors: result.errors.map(readable) };
    },
  };
}

function readable(thrown: unknown): unknown {
  return isReadable(thrown) ? thrown : new Error(messageOf(thrown));
}

function isReadable(thrown: unknown): boolean {
  try {
    return thrown instanceof Error && typeof thrown.name === "string" && typeof thrown.message === "string";
  } catch {
    return false;
  }
}
