import type { HorizonWalk } from "../backtest/walk.ts";

const num = (name: string, d: number): number => Number((globalThis as any).process?.env?.[name] ?? d);
const SHARPNESS = num("SHARP", 5);
const MIN_ORIGINS = 12;
const NEGLIGIBLE_ERROR = 1e-12;
const KAPPA = num("KAPPA", 3);
const PRIOR_RATIO = num("PRIORR", 2);
const SIMILAR = num("SIMILAR", 0.5);
const MODE = num("MODE", 1);

export function memberWeights(walks: readonly HorizonWalk[], priors: readonly number[], now?: (horizon: number) => { recent: Float64Array; last: number; forecasts: Float64Array }): Float64Array[] {
  const weights: Float64Array[] = [];
  for (const walked of walks) {
    const before = weights.at(-1);
    const thin = walked.actual.length < MIN_ORIGINS;
    weights.push(thin && before !== undefined ? before : now && MODE ? conditional(walked, priors, now(walked.horizon)) : weightsOf(walked, priors));
  }
  return weights;
}

function conditional({ actual, predicted, last }: HorizonWalk, priors: readonly number[], now: { recent: Float64Array; last: number; forecasts: Float64Array }): Float64Array {
  const size = priors.length;
  const n = actual.length;
  let naive = 0;
  for (let o = 0; o < n; o++) naive += Math.abs((actual[o] as number) - (last[o] as number));
  const usual = naive / n + NEGLIGIBLE_ERROR;
  return Float64Array.from({ length: size }, (_, member) => {
    const now1 = persistent(now.forecasts[member] as number, now.recent);
    const disp = now1 * SIMILAR;
    let e = 0, z = 0, E = NEGLIGIBLE_ERROR, max = 0;
    for (let o = 0; o < n; o++) {
      const p = predicted[o * size + member] as number;
      const d = Math.abs(p - (last[o] as number));
      if (d > max) max = d;
      const w = disp <= 0 ? 1 : Math.min(1, (d / disp) ** 4);
      const err = Math.abs((actual[o] as number) - p);
      E += err / n;
      e += w * err;
      z += w * Math.abs((actual[o] as number) - (last[o] as number));
    }
    const R = E / usual;
    const novelty = now1 <= 0 ? 0 : Math.min(1, Math.max(0, (now1 / (max + 1e-9) - num("N0", 0.8)) / num("NW", 0.4)));
    const cond = (e + PRIOR_RATIO * KAPPA * Math.max(usual, disp)) / (z + KAPPA * Math.max(usual, disp));
    const ratio = R + novelty * Math.max(num("ONLYUP", 1) ? 0 : -1e9, cond - R);
    return (priors[member] as number) * ratio ** -SHARPNESS;
  });
}

function weightsOf({ actual, predicted }: HorizonWalk, priors: readonly number[]): Float64Array {
  const size = priors.length;
  const errors = new Float64Array(size);
  for (let origin = 0; origin < actual.length; origin++) {
    const actualValue = actual[origin] as number;
    for (let member = 0; member < size; member++) {
      (errors[member] as number) += Math.abs(actualValue - (predicted[origin * size + member] as number));
    }
  }
  const least = Math.min(...errors) + NEGLIGIBLE_ERROR * actual.length;
  return errors.map(
    (error, member) =>
      (priors[member] as number) * ((error + NEGLIGIBLE_ERROR * actual.length) / least) ** -SHARPNESS,
  );
}

function persistent(forecast: number, recent: Float64Array): number {
  let least = Infinity, side = 0;
  for (const y of recent) { const d = forecast - y; if (side !== 0 && Math.sign(d) !== side) return 0; side = Math.sign(d); least = Math.min(least, Math.abs(d)); }
  return least;
}
