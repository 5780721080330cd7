import { resolveOptions } from "../../../src/config/resolve-options.ts";
import { parseHorizon } from "../../../src/core/horizon.ts";
import { seriesId } from "../../../src/core/series-key.ts";
import { ForecastEngine } from "../../../src/engine/forecast-engine.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";
import { resolveOutput } from "../../../src/views/resolved-output.ts";

/** The engine of a process with a clock that stands still within a collection, for values that are given to it. */
export class SimulatedEngine {
  #now;
  #engine;
  #outputs = new Map();

  constructor({ startMillis = Date.UTC(2026, 0, 5, 9), ...options }) {
    this.#now = startMillis;
    const resolved = resolveOptions(options, { environment: {}, readFile: () => "", warn: console.error });
    this.#engine = new ForecastEngine({
      options: resolved,
      producer: new ForecastProducer(() => this.#now),
      clock: { elapsedMillis: () => 0, pause: async () => {} },
      observer: { ran() {}, dropped() {} },
    });
  }

  /** Takes the values of one collection, {metric, labels, value, bounds, horizons}, and makes the forecasts. */
  async take(values, now) {
    this.#now = now;
    await this.#engine.take(
      values.map(({ metric, labels = {}, value, bounds = {}, horizons }) => {
        const key = { metric, labels };
        return { output: this.#outputOf(metric, bounds, horizons), key, id: seriesId(key), value };
      }),
      now,
    );
    return this.#engine.forecasts();
  }

  #outputOf(metric, bounds, horizons) {
    let output = this.#outputs.get(metric);
    if (output === undefined) {
      /** @type {import("../../../src/views/forecast-view.ts").ViewOutput} */
      const spec = { name: metric, number: "level", bounds, isPublished: true, isForecast: true };
      /** @type {import("../../../src/views/forecast-view.ts").ForecastView} */
      const view = {
        instruments: [metric],
        by: "all",
        outputs: [spec],
        ...(horizons === undefined ? {} : { horizons: horizons.map(parseHorizon) }),
      };
      output = resolveOutput(view, 0, spec, {
        ...{ scope: "", name: metric, unit: "", description: "" },
        ...{ kind: "level", points: [] },
      });
      this.#outputs.set(metric, output);
    }
    return output;
  }
}
