import { type Bounds, clampTo } from "../core/bounds.ts";
import type { History } from "../core/history.ts";
import { noStep, type PredictedPath, type PredictedStep } from "../core/model.ts";
import type { RowTables } from "../math/row-tables.ts";
import type { ForecastModel } from "./forecast-model.ts";
import type { LeastWidth } from "./least-width.ts";
import { type FittedMethod, type Intervals, noOffsets, type Seasonality } from "./method.ts";
import { type Scaling, scaledFromFirstValid } from "./scaling.ts";

// One forecast ends before the next begins, so that all models share these.
const scratch = noOffsets();

/**
 * A fitted method with its intervals, converted from scaled units to those of the series and
 * limited to its bounds.
 */
export class CalibratedModel implements ForecastModel {
  readonly method: string;
  readonly errorVersusNaive: number;
  readonly #seasons: Seasonality | undefined;
  readonly #fitted: FittedMethod;
  readonly #intervals: Intervals;
  readonly #scaling: Scaling;
  readonly #bounds: Bounds;
  readonly #leastWidth: LeastWidth | undefined;

  constructor(parts: {
    method: string;
    errorVersusNaive: number;
    /** Absent: the model does not last. */
    seasons: Seasonality | undefined;
    fitted: FittedMethod;
    intervals: Intervals;
    scaling: Scaling;
    bounds: Bounds;
    /** Absent: an interval may have no width. */
    leastWidth: LeastWidth | undefined;
  }) {
    this.method = parts.method;
    this.errorVersusNaive = parts.errorVersusNaive;
    this.#seasons = parts.seasons;
    this.#fitted = parts.fitted;
    this.#intervals = parts.intervals;
    this.#scaling = parts.scaling;
    this.#bounds = parts.bounds;
    this.#leastWidth = parts.leastWidth;
  }

  get isLasting(): boolean {
    return this.#seasons !== undefined;
  }

  get hasSeasons(): boolean {
    return this.#seasons?.areNone === false;
  }

  follow(past: History["values"]): boolean {
    return this.#seasons?.follow(scaledFromFirstValid(past, this.#scaling)) ?? false;
  }

  settle(tables: RowTables): void {
    this.#fitted.settle?.(tables);
  }

  leave(): void {
    this.#fitted.leave?.();
  }

  end(): void {
    this.#fitted.end?.();
  }

  update(value: number): void {
    const scaled = this.#scaling.scale(value);
    this.#fitted.update(scaled);
    this.#leastWidth?.take(scaled);
  }

  predict(steps: number): PredictedPath {
    const path: PredictedPath = {
      mean: new Float64Array(steps),
      lower80: new Float64Array(steps),
      upper80: new Float64Array(steps),
      lower95: new Float64Array(steps),
      upper95: new Float64Array(steps),
    };
    const step = noStep();
    for (let index = 0; index < steps; index++) {
      this.predictAt(index + 1, step);
      path.mean[index] = step.mean;
      path.lower80[index] = step.lower80;
      path.upper80[index] = step.upper80;
      path.lower95[index] = step.lower95;
      path.upper95[index] = step.upper95;
    }
    return path;
  }

  predictAt(step: number, into = noStep()): PredictedStep {
    const mean = this.#withinBounds(this.#fitted.at(step));
    const offsets = this.#intervals.at(step, scratch);
    const least80 = this.#leastWidth?.at80(step) ?? 0;
    const least95 = this.#leastWidth?.at95(step) ?? 0;
    // A trend may continue beyond the distance that it is trusted for: the interval covers that.
    const untrusted = this.#fitted.untrustedTrend?.(step) ?? 0;
    const down = mean + Math.min(0, untrusted);
    const up = mean + Math.max(0, untrusted);
    const maxLower = this.#fitted.maxLowerBound?.(step) ?? Number.POSITIVE_INFINITY;
    // After a change, the past errors do not show what may come.
    const plausible = this.#fitted.plausible?.(step);
    const lower80 = Math.min(maxLower, plausible?.lower ?? mean, down + Math.min(-least80, offsets.lower80));
    const upper80 = Math.max(plausible?.upper ?? mean, up + Math.max(least80, offsets.upper80));
    into.mean = this.#restore(mean);
    into.lower80 = this.#restore(lower80);
    into.upper80 = this.#restore(upper80);
    into.lower95 = this.#restore(Math.min(lower80, down + Math.min(-least95, offsets.lower95)));
    into.upper95 = this.#restore(Math.max(upper80, up + Math.max(least95, offsets.upper95)));
    return into;
  }

  #withinBounds(scaled: number): number {
    const restored = this.#scaling.restore(scaled);
    const bounded = clampTo(this.#bounds, restored);
    return bounded === restored ? scaled : this.#scaling.scale(bounded);
  }

  #restore(scaled: number): number {
    return clampTo(this.#bounds, this.#scaling.restore(scaled));
  }
}
