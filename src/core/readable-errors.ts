import { readableMetrics } from "./readable-metrics.ts";
import { messageOf } from "./text-of.ts";

/** What a source collects, as far as it is changed here. */
interface Collected {
  readonly resourceMetrics: { readonly scopeMetrics: Parameters<typeof readableMetrics>[0] };
  readonly errors: unknown[];
}

/** The part of a meter provider that its reader uses. */
interface Source<Options, Result> {
  collect(options?: Options): Promise<Result>;
}

/**
 * The same source, but all its errors are instances of `Error`. Callbacks of an application may
 * throw anything. For `null`, the SDK's reader would give up the whole collection. Its metrics have
 * texts as names.
 */
export function withReadableErrors<Options, Result extends Collected>(
  source: Source<Options, Result>,
): Source<Options, Result> {
  return {
    collect: async (options) => {
      const result = await source.collect(options);
      const { scopes, errors } = readableMetrics(result.resourceMetrics.scopeMetrics);
      return {
        ...result,
        resourceMetrics: { ...result.resourceMetrics, scopeMetrics: scopes },
        errors: [...result.errors.map(readable), ...errors],
      };
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
