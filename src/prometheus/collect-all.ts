import type { CollectionResult, MetricCollectOptions, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { within } from "./within.ts";

/** A source of metrics: a reader of a meter provider, or a producer. */
export interface MetricSource {
  /** @param options.hasLateLabels our producers need not make labels: see `PartLabels`. */
  collect(options?: MetricCollectOptions & { readonly hasLateLabels?: boolean }): Promise<CollectionResult>;
}

/** The results and the errors of one collection from all sources. */
export interface Collected {
  /**
   * The results in the order of the sources; `undefined` for a source that failed or was too late.
   */
  readonly results: readonly (ResourceMetrics | undefined)[];
  readonly errors: readonly unknown[];
}

/**
 * The SDK gives up a hung callback after the timeout. Its other metrics then have a tenth of it to
 * arrive.
 */
const GRACE_RATIO = 1.1;

/**
 * Collects from all sources at once, within a time limit. A callback that hangs loses only its own
 * metrics; a source that hangs loses only its own result. Never rejects.
 */
export async function collectAll(
  sources: readonly MetricSource[],
  timeoutMillis: number,
): Promise<Collected> {
  const outcomes = await Promise.allSettled(
    sources.map((source) =>
      within(timeoutMillis * GRACE_RATIO, async () => source.collect({ timeoutMillis, hasLateLabels: true })),
    ),
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
