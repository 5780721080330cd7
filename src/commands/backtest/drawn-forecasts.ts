import type { PredictedPath } from "../../core/model.ts";
import { bestMethod } from "./scores/best-method.ts";
import type { MethodScore, OriginResult } from "./scores/method-scores.ts";

/** A forecast for a picture. */
export interface DrawnForecast {
  readonly method: string;
  /** The method that made it; `auto` names its choice. */
  readonly chosen: string;
  /** Index of the first forecast value. */
  readonly origin: number;
  readonly path: PredictedPath;
}

/** Pictures of one method. */
const MAX_ORIGINS = 4;

/**
 * The forecasts of `auto`, and of the best method at the longest horizon, from origins that are
 * spread over all, the latest first.
 */
export function drawnForecasts(
  origins: readonly number[],
  scores: readonly MethodScore[],
  results: ReadonlyMap<string, readonly OriginResult[]>,
): DrawnForecast[] {
  const longest = Math.max(...scores.flatMap(({ horizons }) => horizons.map(({ steps }) => steps)));
  const best = bestMethod(scores, longest)?.score.method;
  const methods = ["auto", best].filter((method) => method !== undefined);
  return [...new Set(methods)].flatMap((method) => {
    const own = (results.get(method) ?? []).flatMap((result, index) =>
      result.state === "scored"
        ? [{ method, chosen: result.chosen, origin: origins[index] as number, path: result.path }]
        : [],
    );
    return spread(own.reverse());
  });
}

function spread<Item>(items: readonly Item[]): Item[] {
  const count = Math.min(MAX_ORIGINS, items.length);
  const last = items.length - 1;
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((last * index) / Math.max(1, count - 1))] as Item,
  );
}
