import { messageOf } from "./text-of.ts";

/** What a meter provider gives its reader. */
interface Source<Options, Result> {
  collect(options?: Options): Promise<Result>;
}

/**
 * The same source, whose errors are errors: the callbacks of an application may throw anything, and the SDK's reader gives up
 * the whole collection for `null`.
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
