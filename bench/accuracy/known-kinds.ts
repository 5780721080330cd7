import { fitModel } from "../../src/forecast/fit-model.ts";
import { gateFor } from "../../src/weights/gate-for.ts";

/** How many points each series has before its future. */
export const POINTS = 400;
/** The steps up to which forecasts are judged. */
export const HORIZONS = [12, 60, 288] as const;
const FURTHEST = 288;

interface Draw {
  /** From 0 to 1. */
  uniform(): number;
  /** With mean 0 and variance 1. */
  normal(): number;
}

type Kind = (draw: Draw) => (index: number) => number;

/** Each makes the next value of a series from its index. */
export const knownKinds: Readonly<Record<string, Kind>> = {
  "random walk": ({ normal }) => {
    let level = 0;
    return () => {
      level += normal();
      return level;
    };
  },
  "white noise":
    ({ normal }) =>
    () =>
      normal(),
  "autoregression of .9": ({ normal }) => {
    let level = 0;
    return () => {
      level = 0.9 * level + normal();
      return level;
    };
  },
  plateaus: ({ uniform, normal }) => {
    let level = normal();
    return () => {
      if (uniform() < 0.02) level = 3 * normal();
      return level;
    };
  },
  "sine of 96 steps and noise":
    ({ normal }) =>
    (index) =>
      3 * Math.sin((2 * Math.PI * index) / 96) + normal(),
  "line and noise":
    ({ normal }) =>
    (index) =>
      0.05 * index + normal(),
  "leak with restarts": ({ uniform, normal }) => {
    const period = 60 + Math.floor(90 * uniform());
    return (index) => 0.2 * (index % period) + 0.3 * normal();
  },
};

/** A series of a kind, with its future. The same numbers give the same series. */
export function knownSeries(kind: Kind, uniform: () => number): number[] {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const next = kind({ uniform, normal });
  return Array.from({ length: POINTS + FURTHEST }, (_, index) => next(index));
}

/** The mean absolute error of a method over that of no change, over all steps up to each horizon. */
export function errorsOf(series: readonly number[][], method: string): number[] {
  const own = HORIZONS.map(() => 0);
  const reference = HORIZONS.map(() => 0);
  for (const values of series) {
    const known = values.slice(0, POINTS);
    const options = { method, gate: gateFor(method), horizonSteps: FURTHEST };
    const result = fitModel({ values: known, stepSeconds: 60 }, options);
    if (result.state !== "ready") throw new Error(`no model of ${POINTS} points: ${result.state}`);
    const { mean } = result.model.predict(FURTHEST);
    const last = known.at(-1) as number;
    for (const [index, steps] of HORIZONS.entries()) {
      for (let step = 0; step < steps; step++) {
        const actual = values[POINTS + step] as number;
        own[index] = (own[index] as number) + Math.abs(actual - (mean[step] as number));
        reference[index] = (reference[index] as number) + Math.abs(actual - last);
      }
    }
  }
  return own.map((error, index) => error / (reference[index] as number));
}
