import { series } from "./series.mjs";

/** Shapes that are mostly chance. */

const noise = {
  name: "noise",
  lower: 0,
  make(draw, grid) {
    const level = draw.between(20, 80);
    const deviation = level * draw.between(0.02, 0.3);
    return series(
      grid,
      () => level,
      () => draw.normal(deviation),
    );
  },
};

const autoregressive = {
  name: "autoregression",
  lower: 0,
  make(draw, grid) {
    const level = draw.between(50, 80);
    const kept = draw.between(0.6, 0.75);
    const deviation = draw.between(1, 6);
    return wandering(grid, level, kept, () => draw.normal(deviation));
  },
};

/** Unit of a temperature or a balance: no bounds. */
const randomWalk = {
  name: "random walk",
  make(draw, grid) {
    const deviation = draw.between(0.2, 2);
    return wandering(grid, draw.between(10, 100), 1, () => draw.normal(deviation));
  },
};

const spikes = {
  name: "spikes",
  lower: 0,
  make(draw, grid) {
    const level = draw.between(5, 20);
    const rare = draw.between(0.03, 0.1);
    const height = level * draw.between(3, 15);
    const noisy = () =>
      draw.normal(level * 0.05) + (draw.chance(rare) ? height * (0.5 + draw.between(0.2, 0.8)) : 0);
    return series(grid, () => level, noisy);
  },
};

/** A ratio that is 1 but for dips, such as an availability. */
const ratioWithDips = {
  name: "ratio at 1 with dips",
  lower: 0,
  upper: 1,
  make(draw, grid) {
    const share = draw.between(0.15, 0.3);
    const depth = draw.between(0.02, 0.3);
    return series(
      grid,
      () => 1,
      () => (draw.chance(share) ? -depth * draw.between(0.3, 1) : 0),
    );
  },
};

function wandering({ length, ahead, lower = Number.NEGATIVE_INFINITY }, level, kept, next) {
  const values = [];
  let away = 0;
  for (let index = 0; index < length + ahead; index++) {
    away = kept * away + next();
    values.push(Math.max(lower, level + away));
  }
  const last = values[length - 1] - level;
  return {
    values,
    expected: Array.from({ length: ahead }, (_, index) => level + last * kept ** (index + 1)),
  };
}

export const noiseShapes = [noise, autoregressive, randomWalk, spikes, ratioWithDips];
