import { emptyResource } from "@opentelemetry/resources";
import { Exporters } from "../../build/src/run/exporters.js";
import { SystemSampler } from "../../build/src/system/system-sampler.js";
import { lengthOfPage } from "./page.mjs";
import { benchPipeline } from "./pipeline.mjs";
import { seriesKinds } from "./series-kinds.mjs";
import { seededRandom } from "./statistics.mjs";
import { TickClock } from "./surroundings.mjs";

const INTERVAL_MILLIS = 10_000;
/** Series of one metric: apps have many metrics, and no metric with 100,000 series. */
const SERIES_OF_METRIC = 1000;
/** Room for the series of our own metrics. */
const OTHER_SERIES = 1000;

/** An app whose gauges a monitor collects, forecasts and serves as under `--import`, without waiting. */
export class AppWithGauges {
  #clock = new TickClock();
  #states;
  #tick = 0;
  pipeline;
  #exporters;

  /** @param series the number of series, of random walks, seasons, ramps, constants and counts in turn */
  constructor(series, options = {}) {
    const random = seededRandom(1);
    const kinds = Object.values(seriesKinds);
    this.#states = Array.from({ length: series }, (_, index) => ({
      next: kinds[index % kinds.length](random),
      labels: { part: `part-${index % SERIES_OF_METRIC}` },
    }));
    const clock = this.#clock;
    const sampler = new SystemSampler();
    this.pipeline = benchPipeline(
      { exporters: ["prometheus"], port: 0, maxSeries: series + OTHER_SERIES, ...options },
      clock,
      { elapsedMillis: () => clock.millis, sample: () => sampler.sample() },
    );
    // @ts-expect-error The declarations of build/ leave out constructors that are internal.
    this.#exporters = new Exporters(this.pipeline, emptyResource(), {});
    this.#observe(this.#exporters.guardedProvider.getMeter("app"));
  }

  #observe(meter) {
    for (let first = 0; first < this.#states.length; first += SERIES_OF_METRIC) {
      const states = this.#states.slice(first, first + SERIES_OF_METRIC);
      meter.createObservableGauge(`app.level_${first / SERIES_OF_METRIC}`).addCallback((result) => {
        for (const { next, labels } of states) result.observe(next(this.#tick), labels);
      });
    }
  }

  /** The next collection. */
  async tick() {
    this.#clock.next(INTERVAL_MILLIS);
    this.#tick += 1;
    await this.pipeline.collect();
  }

  /** Whether every series has forecasts at all horizons: `forecast_ready` is 1. */
  get isForecast() {
    const forecasts = this.pipeline.engine.forecasts();
    return forecasts.length > 0 && forecasts.every(({ state }) => state === "ready");
  }

  /** Opens the port; returns what scrapes it once, and counts the bytes. */
  async serve() {
    await this.#exporters.start();
    const { port } = this.#exporters.endpoint ?? {};
    return () => lengthOfPage(port);
  }
}
