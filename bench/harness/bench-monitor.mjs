import { emptyResource } from "@opentelemetry/resources";
import { Exporters } from "../../build/src/run/exporters.js";
import { SystemSampler } from "../../build/src/system/system-sampler.js";
import { lengthOfPage } from "./page.mjs";
import { benchPipeline } from "./pipeline.mjs";
import { TickClock } from "./surroundings.mjs";

/**
 * A monitor with its endpoint that measures the machine, as under `--import`. Its collections follow each other
 * without waiting.
 */
export class BenchMonitor {
  #clock = new TickClock();
  #exporters;
  pipeline;
  /** For the instruments of the application. */
  meter;

  constructor(options = {}) {
    const clock = this.#clock;
    const sampler = new SystemSampler();
    this.pipeline = benchPipeline({ exporters: ["prometheus"], port: 0, ...options }, clock, {
      elapsedMillis: () => clock.millis,
      sample: () => sampler.sample(),
    });
    // @ts-expect-error The declarations of build/ leave out constructors that are internal.
    this.#exporters = new Exporters(this.pipeline, emptyResource(), {});
    this.meter = this.#exporters.guardedProvider.getMeter("app");
  }

  /** The next collection. */
  async tick() {
    this.#clock.next(this.pipeline.options.collectionIntervalMillis);
    await this.pipeline.collect();
  }

  /** Opens the port. Returns what scrapes it once and counts the bytes. */
  async serve() {
    await this.#exporters.start();
    const { port } = this.#exporters.endpoint ?? {};
    return () => lengthOfPage(port);
  }
}
