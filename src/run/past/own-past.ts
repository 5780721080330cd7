import { hostname } from "node:os";
import { Backfill } from "../../backfill/backfill.ts";
import { askedByName } from "../../backfill/past-question.ts";
import type { ResolvedOptions } from "../../config/options.ts";
import type { ForecastEngine } from "../../engine/forecast-engine.ts";
import type { MonitorClock } from "../../measure/monitor-clock.ts";
import type { Surroundings } from "../../measure/surroundings.ts";
import { PrometheusClient } from "../../promql/prometheus-client.ts";
import { defaultResolutions } from "../../series/resolution.ts";
import { sleep } from "../../system/sleep.ts";
import { NewSeries } from "./new-series.ts";
import { chooseOwn } from "./own-instance.ts";

/** Series wait at most so long. They have too few samples for a forecast for longer, without a past. */
const BUDGET_MILLIS = 60_000;

/** What the past of a process goes into. */
export interface OwnPastParts {
  readonly engine: ForecastEngine;
  readonly clock: MonitorClock;
  readonly surroundings: Surroundings;
  /** Called once, when the series of the start have their past. */
  onRestored(): void;
}

/**
 * Asks a Prometheus API for the past of the series of this process, by the names under which it
 * publishes them. It keeps the process neither waiting nor alive.
 *
 * @param address that of the API, from the option `backfill`.
 */
export function ownPast(address: string, options: ResolvedOptions, parts: OwnPastParts): NewSeries {
  const { engine, clock, surroundings } = parts;
  const { elapsedMillis, pause } = surroundings;
  let isRestored = false;
  const backfill = new Backfill({
    client: new PrometheusClient({ url: address, keepsAlive: false, clock: surroundings }),
    clock: { now: () => clock.now(), elapsedMillis, pause, sleep },
    resolutions: defaultResolutions(options.collectionIntervalMillis / 1000),
    budgetMillis: BUDGET_MILLIS,
    choose: chooseOwn(() => ({
      attributes: surroundings.resource.attributes,
      serviceName: surroundings.serviceName,
      address: `${hostname()}:${options.port}`,
    })),
    restore: (series) => engine.restored.complete(series, clock.now()),
    finished: () => {
      if (!isRestored) parts.onRestored();
      isRestored = true;
    },
  });
  const intervalMillis = options.collectionIntervalMillis;
  return new NewSeries({
    engine,
    backfill,
    intervalMillis,
    fillsGaps: false,
    questionOf: ({ output }) => askedByName(output.metric),
  });
}
