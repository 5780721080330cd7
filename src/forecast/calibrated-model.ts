import { type Bounds, clampTo } from "../core/bounds.ts";
import type { ForecastModel, PredictedPath } from "../core/model.ts";
import { type IntervalOffsets, offsetAt } from "./intervals.ts";
import type { FittedMethod } from "./method.ts";
import type { Scaling } from "./scaling.ts";

/** A fitted method in scaled units, taken back to those of the series, with its interval, inside the bounds. */
export class CalibratedModel implements ForecastModel {
  readonly method: string;
  readonly errorVersusNaive: number;
  readonly #fitted: FittedMethod;
  readonly #offsets: IntervalOffsets;
  readonly #scaling: Scaling;
  readonly #bounds: Bounds;

  constructor(parts: {
    method: string;
    errorVersusNaive: number;
    fitted: FittedMethod;
    offsets: IntervalOffsets;
    scaling: Scaling;
    bounds: Bounds;
  }) {
    this.method = parts.method;
    this.errorVersusNaive = parts.errorVersusNaive;
    this.#fitted = parts.fitted;
    this.#offsets = parts.offsets;
    this.#scaling = parts.scaling;
    this.#bounds = parts.bounds;
  }

  update(value: number): void {
    this.#fitted.update(this.#scaling.scale(value));
  }

  predict(steps: number): PredictedPath {
    const means = this.#fitted.predict(steps);
    const path: PredictedPath = {
      mean: new Float64Array(steps),
      lower80: new Float64Array(steps),
      upper80: new Float64Array(steps),
      lower95: new Float64Array(steps),
      upper95: new Float64Array(steps),
    };
    const { horizons, lower95, lower80, upper80, upper95 } = this.#offsets;
    for (let index = 0; index < steps; index++) {
      const mean = means[index] as number;
      const at = (offsets: readonly number[]): number =>
        this.#inside(mean + offsetAt(horizons, offsets, index + 1));
      path.mean[index] = this.#inside(mean);
      path.lower80[index] = at(lower80);
      path.upper80[index] = at(upper80);
      path.lower95[index] = Math.min(at(lower95), path.lower80[index] as number);
      path.upper95[index] = Math.max(at(upper95), path.upper80[index] as number);
    }
    return path;
  }

  #inside(scaled: number): number {
    return clampTo(this.#bounds, this.#scaling.restore(scaled));
  }
}
