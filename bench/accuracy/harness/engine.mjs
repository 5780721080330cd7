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
      clock: { elapsedMillis: () => 0, threadCpuMillis: () => 0, pause: async () => {} },
      observer: { ran() {}, dropped() {} },
    });
  }

  /** Takes the values of one collection, {metric, labels, value, bounds, horizons}, and makes the forecasts. */
  async take(values, now) {
    await this.feed(values, now);
    return this.#engine.forecasts();
  }

  /** Takes the values of one collection, as `take` does. */
  async feed(values, now) {
    this.#now = now;
    await this.#engine.take(
      values.map(({ metric, labels = {}, value, bounds = {}, horizons }) => {
        const key = { metric, labels };
        return { output: this.#outputOf(metric, bounds, horizons), key, id: seriesId(key), value };
      }),
      now,
    );
  }

  /** Every series with what was learnt of it, as plain data. */
  saved() {
    return this.#engine.saved();
  }

  /** The same in parts, of which only what has changed needs to be saved. */
  parts() {
    return this.#engine.parts(() => true);
  }

  /** Takes over a saved series. */
  restore(saved) {
    return this.#engine.restore(saved, this.#now);
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

/** What a process publishes of a forecast. */
export function published({ state, metricName, labels, horizonSeconds, predictedValue, lower, upper }) {
  if (state !== "ready") return [];
  const horizon = labelOf(horizonSeconds);
  const at = { ...labels, horizon };
  return [
    { name: `${metricName}_predicted`, labels: at, value: predictedValue },
    { name: `${metricName}_predicted_lower`, labels: { ...at, level: "0.8" }, value: lower },
    { name: `${metricName}_predicted_upper`, labels: { ...at, level: "0.8" }, value: upper },
  ];
}

function labelOf(seconds) {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
