import { describe, expect, it } from "vitest";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { methodNames } from "../../src/forecast/fit-options.ts";
import { gateFor } from "../../src/weights/gate-for.ts";

/**
 * Recorded forecasts of every method for a few generated series, not known answers. When you change
 * a constant on purpose, check the benchmark and update the snapshot (`vitest -u`).
 */
function noise(length: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  });
}

function walk(length: number, seed: number): number[] {
  let level = 0;
  return noise(length, seed).map((step) => {
    level += step;
    return level;
  });
}

const seasonal = (length: number): number[] =>
  walk(length, 3).map(
    (level, index) => level + 4 * Math.sin((2 * Math.PI * index) / 288) + (index % 12 === 5 ? 6 : 0),
  );
const gapped = walk(300, 8).map((level, index) => (index % 7 === 3 || index > 290 ? Number.NaN : level));
const spiked = noise(500, 4).map((value, index) => (index % 83 === 20 ? 300 : value + (index > 350 ? 3 : 0)));

const series = {
  "a walk with a day and an hour": { values: seasonal(900), stepSeconds: 300, season: 288 },
  "a walk with gaps": { values: gapped, stepSeconds: 10 },
  "spikes and a new level": { values: spiked, stepSeconds: 7 },
  "a smooth wave": {
    values: Array.from({ length: 160 }, (_, index) => Math.sin(index / 23)),
    stepSeconds: 7,
  },
  "an hour behind spikes": {
    values: noise(400, 2).map(
      (value, index) => value + (index % 60 < 9 ? 5 : 0) + (index % 101 === 50 ? 90 : 0),
    ),
    stepSeconds: 60,
  },
  "a few points": { values: walk(9, 5), stepSeconds: 10 },
};

describe.each(Object.entries(series))("of %s", (_, history) => {
  it.each(methodNames)("%s says what it said", (method) => {
    const result = fitModel(history, { method, gate: gateFor(method), horizonSteps: 120 });
    if (result.state !== "ready") throw new Error(result.state);
    const path = result.model.predict(400);
    const digits = (value: number): number => Number(value.toPrecision(7));
    const kept = [1, 2, 7, 50, 120, 400].map((steps) =>
      [path.lower95, path.lower80, path.mean, path.upper80, path.upper95]
        .map((bound) => digits(bound[steps - 1] as number))
        .join(" "),
    );
    expect([result.model.method, digits(result.model.errorVersusNaive), ...kept]).toMatchSnapshot();
  });
});
