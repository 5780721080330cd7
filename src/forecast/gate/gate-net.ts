import { addWeighted, type Layer, rectify } from "./layer.ts";

/** The layers and what inputs are standardised with: first those of a series, then those of a horizon. */
export interface GateWeights {
  /** From the inputs of a series. */
  readonly first: Layer;
  /** Is added to what comes from the first. */
  readonly second: Layer;
  /** From what comes from both, and the inputs of a horizon. */
  readonly head: Layer;
  /** A number for each method, then the logarithms of four factors. */
  readonly output: Layer;
  readonly inputMean: Float32Array;
  /** What the distance from the mean is multiplied by. */
  readonly inputScale: Float32Array;
}

/** Inputs further from their mean, in their scale, are limited to this. */
const FURTHEST = 5;

/**
 * The net of the gate: a part that sees the series once, and a small head for each horizon. Rectified
 * linear units; sums in double precision, in a fixed order, so that it gives the same on every machine.
 */
export class GateNet {
  readonly #weights: GateWeights;
  readonly #series: Float32Array;
  readonly #row: Float32Array;
  readonly #hidden: Float32Array;
  readonly #both: Float32Array;
  readonly #headOfSeries: Float64Array;
  readonly #headHidden: Float32Array;
  readonly #out: Float64Array;

  constructor(weights: GateWeights) {
    const { first, second, head, output } = weights;
    this.#weights = weights;
    this.#series = new Float32Array(first.columns);
    this.#row = new Float32Array(head.columns - second.rows);
    this.#hidden = new Float32Array(first.rows);
    this.#both = new Float32Array(second.rows);
    this.#headOfSeries = new Float64Array(head.rows);
    this.#headHidden = new Float32Array(head.rows);
    this.#out = new Float64Array(output.rows);
  }

  /** Takes the inputs of a series, which the next horizons belong to. */
  see(inputs: Float32Array): void {
    const { first, second, head } = this.#weights;
    this.#standardise(inputs, 0, this.#series);
    const sums = Float64Array.from(first.biases);
    addWeighted(first, this.#series, 0, sums);
    rectify(sums, this.#hidden);
    const more = Float64Array.from(second.biases);
    addWeighted(second, this.#hidden, 0, more);
    rectify(more, this.#both);
    for (let index = 0; index < this.#both.length; index++)
      (this.#both[index] as number) += this.#hidden[index] as number;
    this.#headOfSeries.set(head.biases);
    addWeighted(head, this.#both, 0, this.#headOfSeries);
  }

  /** The outputs at a horizon. Valid until the next call. */
  at(inputs: Float32Array): Float64Array {
    const { second, head, output } = this.#weights;
    this.#standardise(inputs, this.#series.length, this.#row);
    const sums = this.#headOfSeries.slice();
    addWeighted(head, this.#row, second.rows, sums);
    rectify(sums, this.#headHidden);
    this.#out.set(output.biases);
    addWeighted(output, this.#headHidden, 0, this.#out);
    return this.#out;
  }

  #standardise(inputs: Float32Array, from: number, into: Float32Array): void {
    const { inputMean, inputScale } = this.#weights;
    for (let index = 0; index < into.length; index++) {
      const distance = (inputs[index] as number) - (inputMean[from + index] as number);
      const scaled = distance * (inputScale[from + index] as number);
      into[index] = Math.max(-FURTHEST, Math.min(FURTHEST, scaled));
    }
  }
}
