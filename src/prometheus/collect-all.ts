import { clearTimeout, setTimeout } from "node:timers";
import type { CollectionResult, MetricCollectOptions, ResourceMetrics } from "@opentelemetry/sdk-metrics";

/** Anything that metrics are collected from: a reader of a meter provider, or a producer. */
export interface MetricSource {
  collect(options?: MetricCollectOptions): Promise<CollectionResult>;
}

export interface Collected {
  /** What the sources gave, in their order; undefined for a source that failed or did not answer in time. */
  readonly results: readonly (ResourceMetrics | undefined)[];
  readonly errors: readonly unknown[];
}

/** The SDK gives up a hung callback after the timeout; the rest of its metrics has a tenth of it more to arrive. */
const grace = 1.1;

/**
 * Collects from all sources at once and waits a bounded time: a callback that hangs costs its own metrics, a source
 * that hangs costs what it would have given, and the rest is there. Never rejects.
 */
export async function collectAll(
  sources: readonly MetricSource[],
  timeoutMillis: number,
): Promise<Collected> {
  const outcomes = await Promise.allSettled(
    sources.map((source) => within(timeoutMillis * grace, async () => source.collect({ timeoutMillis }))),
  );
  return {
    results: outcomes.map((outcome) =>
      outcome.status === "fulfilled" ? outcome.value.resourceMetrics : undefined,
    ),
    errors: outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" ? outcome.value.errors : [outcome.reason],
    ),
  };
}

async function within<T>(millis: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no metrics within ${Math.round(millis)} ms`)), millis).unref();
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
