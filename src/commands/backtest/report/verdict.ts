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
/** A smaller gain is none. */
const NEGLIGIBLE_GAIN = 0.005;
const REFERENCE = "naive";

/** What the scores of one horizon mean. */
export interface Verdict {
  readonly steps: number;
  /** The most accurate method. */
  readonly best: string;
  /** Its MASE over that of no change. */
  readonly versusNaive: number;
  /**
   * The probability of such a difference by chance, for the best of all methods; `undefined` when
   * the origins cannot show it.
   */
  readonly probability: number | undefined;
  readonly text: string;
}

/** A verdict for each horizon with scores, in ascending order. */
export function verdictsOn(report: BacktestReport): Verdict[] {
  return horizonsOf(report.overall).flatMap((steps) => {
    const methods = ranked(report.overall, steps).filter(({ horizon }) => horizon.versusNaive !== undefined);
    return methods.length === 0 ? [] : [verdictAt(report, steps, methods)];
  });
}

function verdictAt(report: BacktestReport, steps: number, methods: readonly Ranked[]): Verdict {
  const best = methods[0] as Ranked;
  const others = methods.filter(({ score }) => score.method !== REFERENCE);
  const probability = probabilityOf(best, others.length);
  const at = shownHorizon(report, steps);
  const versusNaive = best.horizon.versusNaive as number;
  const verdict = { steps, best: best.score.method, versusNaive, probability };
  if (others.length === 0) {
    return { ...verdict, text: `At ${at} only no change (naive) was tested.` };
  }
  if (versusNaive > 1 - NEGLIGIBLE_GAIN) {
    return { ...verdict, text: `At ${at} no method was better than no change.` };
  }
  const many = others.length > 1 ? `${best.score.method} was best, with` : `${best.score.method} had`;
  const text = `At ${at} ${many} ${shownGain(best)}: ${chance(best, others.length)}.`;
  return { ...verdict, text: `${text}${onAuto(best, methods)}` };
}

/** What `auto`, the default of a process, had when another method was best. */
function onAuto(best: Ranked, methods: readonly Ranked[]): string {
  const auto = methods.find(({ score }) => score.method === "auto");
  if (auto === undefined || auto === best) return "";
  return ` auto had ${shownGain(auto)}: ${chance(auto, 1)}.`;
}

function shownGain({ horizon }: Ranked): string {
  const percent = Math.round(100 * (1 - (horizon.versusNaive as number)));
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
  return `over ${origins} that ${probability < SIGNIFICANT ? "is more than" : "may be"} chance (${shown})`;
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
