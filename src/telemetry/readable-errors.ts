import type { CollectionResult, MetricCollectOptions } from "@opentelemetry/sdk-metrics";
import { messageOf } from "../core/text-of.ts";

/** What a meter provider gives its reader. */
interface Source {
  collect(options?: MetricCollectOptions): Promise<CollectionResult>;
}

/**
 * The same source, whose errors are errors: the callbacks of an application may throw anything, and the SDK's reader gives up
 * the whole collection for `null`.
 */
export function withReadableErrors(source: Source): Source {
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
