import { dieboldMariano } from "../../../math/diebold-mariano.ts";
import { counted } from "../../counted.ts";
import type { BacktestReport } from "../run-backtest.ts";
import { type Ranked, ranked } from "../scores/best-method.ts";
import { horizonsOf } from "./score-rows.ts";
import { shownHorizon } from "./shown-times.ts";

/** A difference with a probability below this is more than chance. */
const SIGNIFICANT = 0.05;
/** Fewer origins cannot show whether a difference is chance. */
const MIN_ORIGINS = 5;
const REFERENCE = "naive";

/** How chance is judged. */
export const ABOUT_CHANCE = `A difference is more than chance if p is below ${SIGNIFICANT}: two equally accurate methods differ that much in less than ${100 * SIGNIFICANT} % of such tests (test of Diebold and Mariano).`;

/** What the scores of one horizon mean. */
export interface Verdict {
  readonly steps: number;
  /** The most accurate method; `undefined` when errors have no unit. */
  readonly best: string | undefined;
  /** Its MASE over that of no change. */
  readonly versusNaive: number | undefined;
  /**
   * The probability of such a difference by chance, for the best of all methods; `undefined` when
   * the origins cannot show it.
   */
  readonly probability: number | undefined;
  readonly text: string;
}

/** A verdict for each horizon, in ascending order. */
export function verdictsOn(report: BacktestReport): Verdict[] {
  return horizonsOf(report.overall).map((steps) => {
    const methods = ranked(report.overall, steps).filter(({ horizon }) => horizon.versusNaive !== undefined);
    return methods.length === 0 ? noVerdict(report, steps) : verdictAt(report, steps, methods);
  });
}

function noVerdict(report: BacktestReport, steps: number): Verdict {
  const text = `At ${shownHorizon(report, steps)} no method can be compared with no change, because errors have no unit.`;
  return { steps, best: undefined, versusNaive: undefined, probability: undefined, text };
}

function verdictAt(report: BacktestReport, steps: number, methods: readonly Ranked[]): Verdict {
  const at = shownHorizon(report, steps);
  const others = methods.filter(({ score }) => score.method !== REFERENCE);
  const auto = others.find(({ score }) => score.method === "auto");
  const first = methods[0] as Ranked;
  // The default of a process is the answer when nothing is better than it.
  const best = auto !== undefined && percentOf(auto) === percentOf(first) ? auto : first;
  const verdict = { steps, best: best.score.method, versusNaive: best.horizon.versusNaive as number };
  // The best of several is better by chance more often than one method that was named before.
  const comparisons = best === auto ? 1 : Math.max(1, others.length);
  const probability = probabilityOf(best, comparisons);
  if (others.length === 0) {
    return { ...verdict, probability, text: `At ${at} only no change (naive) was tested.` };
  }
  const isAutoApart = auto !== undefined && auto !== best && percentOf(auto) !== percentOf(best);
  const more = isAutoApart ? ` auto had ${shownGain(auto)}: ${chance(auto, 1)}.` : "";
  if (percentOf(best) <= 0) {
    return { ...verdict, probability, text: `At ${at} no method was better than no change.${more}` };
  }
  const were = others.length > 1 ? `${best.score.method} was best, with` : `${best.score.method} had`;
  const text = `At ${at} ${were} ${shownGain(best)}: ${chance(best, comparisons)}.`;
  return { ...verdict, probability, text: `${text}${more}` };
}

/** How much less error a method has than no change, in percent. */
function percentOf({ horizon }: Ranked): number {
  return Math.round(100 * (1 - (horizon.versusNaive as number)));
}

function shownGain(method: Ranked): string {
  const percent = percentOf(method);
  if (percent === 0) return "the same error as no change";
  return `${Math.abs(percent)} % ${percent > 0 ? "less" : "more"} error than no change`;
}

/** Whether a difference is more than chance, in words. */
function chance(method: Ranked, comparisons: number): string {
  const { differences, overlap } = method.horizon;
  const origins = counted(differences.length, "origin");
  if (differences.length < MIN_ORIGINS) {
    return `${origins} ${differences.length === 1 ? "is" : "are"} too few to show whether that is chance`;
  }
  const probability = probabilityOf(method, comparisons);
  if (probability === undefined) {
    return overlap > 1
      ? `that may be chance, because the forecasts of ${Math.min(overlap, differences.length)} of the ${origins} overlap`
      : `that may be chance over ${origins}`;
  }
  const shown = probability < 0.001 ? "p < 0.001" : `p = ${Number(probability.toPrecision(2))}`;
  const among = comparisons > 1 ? ` for the best of ${comparisons} methods` : "";
  return `over ${origins} that ${probability < SIGNIFICANT ? "is more than" : "may be"} chance (${shown}${among})`;
}

/**
 * The probability of the difference from naive by chance. The best of several methods is better by
 * chance more often than one method, so its probability is multiplied by their number (Bonferroni).
 */
function probabilityOf({ horizon }: Ranked, comparisons: number): number | undefined {
  const { differences, overlap } = horizon;
  if (differences.length < MIN_ORIGINS) return undefined;
  const test = dieboldMariano(differences, overlap);
  return test === undefined ? undefined : Math.min(1, test.probability * comparisons);
}
