import { sharedHorizons } from "../backtest/horizon-grid.ts";
import type { Evidence, Judgement } from "../combination/evidence.ts";
import { sumOf, withoutSmallest } from "../combination/member-weights.ts";
import type { GateNet } from "./gate-net.ts";
import { gateRows, measureOf } from "./gate-rows.ts";
import { LEAST_WEIGHT, rowInputs, writeRowInputs } from "./row-inputs.ts";
import { SERIES_INPUTS, type SeriesFacts, writeSeriesInputs } from "./series-inputs.ts";

/** How much the weights by errors count at least, beside the learned ones. */
const SHARE_OF_ERRORS = 0.25;
const FACTORS = 4;
/** The logarithm of the factor by which intervals get wider or narrower at most. */
const LARGEST_LOG = 2;

/**
 * Sets the weights of the methods of `auto` by what a small net has learned from synthetic series: it
 * sees the past, and what the backtest showed. At least a quarter of each weight remains that by errors,
 * and more after a change that the backtest does not know: what follows it is decided by `memberWeights`.
 * The net states no value: each forecast is still one that a method made.
 */
export class Gate {
  /** Which weights it has. */
  readonly id: string;
  readonly #net: GateNet;
  readonly #series = new Float32Array(SERIES_INPUTS);
  readonly #row: Float32Array;

  constructor(id: string, net: GateNet, methods: number) {
    this.id = id;
    this.#net = net;
    this.#row = new Float32Array(rowInputs(methods));
  }

  judge(evidence: Evidence, facts: SeriesFacts): Judgement {
    const measure = measureOf(evidence);
    writeSeriesInputs(evidence.values, measure, facts, this.#series);
    this.#net.see(this.#series);
    const rows = gateRows(evidence);
    const factors = new Float32Array(FACTORS * rows.length);
    const weights = rows.map(({ row, horizon }, index) => {
      writeRowInputs(evidence, { row, horizon, measure }, this.#row);
      const out = this.#net.at(this.#row);
      const byErrors = evidence.weights[row] as Float64Array;
      for (let factor = 0; factor < FACTORS; factor++)
        factors[FACTORS * index + factor] = factorOf(out[byErrors.length + factor] as number);
      const share = Math.max(SHARE_OF_ERRORS, evidence.changeShares[row] as number);
      return withoutSmallest(gatedWeights(byErrors, out, share));
    });
    return { horizons: sharedHorizons(rows.map(({ horizon }) => horizon)), weights, factors };
  }
}

/**
 * The weights at one horizon, of which the sum is 1.
 *
 * @param share How much of them remains that by errors.
 */
export function gatedWeights(
  byErrors: Float64Array,
  out: Float64Array,
  share = SHARE_OF_ERRORS,
): Float64Array {
  const total = sumOf(byErrors);
  const logarithms = byErrors.map(
    (weight, method) => Math.log(weight / total + LEAST_WEIGHT) + (out[method] as number),
  );
  const largest = Math.max(...logarithms);
  const learned = logarithms.map((logarithm) => Math.exp(logarithm - largest));
  const sum = sumOf(learned);
  return learned.map(
    (weight, method) => ((1 - share) * weight) / sum + (share * (byErrors[method] as number)) / total,
  );
}

/** The factor of a bound. */
export function factorOf(logarithm: number): number {
  return Math.exp(Math.min(LARGEST_LOG, Math.max(-LARGEST_LOG, logarithm)));
}
