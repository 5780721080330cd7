import type { Like, WindowAhead, WindowedQuantile } from "../../core/windowed-number.ts";
import type { ComingPart, Deviation, Way } from "./coming-part.ts";

/** What the coming values may be like. */
const LIKES: readonly { readonly like: Like; readonly way: Way }[] = [
  { like: 0.25, way: { name: "recent values", assumedError: 1 } },
  { like: 0.5, way: { name: "recent values", assumedError: 0.9 } },
  { like: 1, way: { name: "values of the window", assumedError: 0.85 } },
  { like: "ever", way: { name: "long-run values", assumedError: 0.85 } },
];
const WAYS = LIKES.map(({ way }) => way);

/** Expects a percentile over a window: of the known values and a copy of past values. */
export class QuantileForecaster implements ComingPart {
  readonly ways = WAYS;
  readonly combination = "mean";
  readonly #number: WindowedQuantile;

  constructor(number: WindowedQuantile) {
    this.#number = number;
  }

  /** Durations drift: when nothing of the window is left, no change is hard to beat. */
  assumedErrorOfNoChange(horizonSeconds: number): number {
    return horizonSeconds < this.#number.span.fullSeconds ? 1 : 0.6;
  }

  /** The window holds everything that is needed. */
  learn(): void {}

  saved(): undefined {
    return undefined;
  }

  restore(): void {}

  remove(): void {}

  expect(ahead: WindowAhead, current: number, into: Float64Array, start: number): void {
    const { share } = this.#number;
    const coming = this.#coming(ahead);
    for (const [index, { like }] of LIKES.entries())
      into[start + index] = this.#number.quantileAfter(share, ahead.begunSlices, coming, like) ?? current;
  }

  /** The number of values below the percentile is binomial. */
  deviation(ahead: WindowAhead): Deviation {
    const { share, span } = this.#number;
    const count = this.#number.count();
    const coming = this.#coming(ahead);
    const after = Math.max(1, (count / span.coveredSeconds) * ahead.coveredSeconds);
    const shift = Math.sqrt(share * (1 - share) * coming * (1 + coming / Math.max(1, count))) / after;
    const at = (shifted: number): number | undefined =>
      this.#number.quantileAfter(Math.min(1, Math.max(0, shifted)), ahead.begunSlices, coming, 1);
    const [low, middle, high] = [at(share - shift), at(share), at(share + shift)];
    if (low === undefined || middle === undefined || high === undefined) return { down: 0, up: 0 };
    return { down: middle - low, up: high - middle };
  }

  #coming({ comingSeconds }: WindowAhead): number {
    return (this.#number.count() / this.#number.span.coveredSeconds) * comingSeconds;
  }
}
