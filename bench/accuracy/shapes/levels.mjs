import { series } from "./series.mjs";

/** Shapes that have a level, a slope and a fall. Time 0 is the newest point, and the future is above 0. */

/** A ramp, such as memory, that fell some points ago and climbs again, up to where it fell before. */
const fellAgo = (ago) => ({
  name: `ramp, fell ${ago} points ago`,
  lower: 0,
  make(draw, grid) {
    const slope = draw.between(0.3, 3);
    const rise = slope * grid.length;
    const top = rise + draw.between(0.5, 4) * rise;
    const drop = rise * draw.between(0.15, 0.8);
    const signal = (time) => {
      const since = time + ago;
      return since < 0 ? top + slope * since : top - drop + ((slope * since) % drop);
    };
    return series(grid, signal, smoothOrRough(draw, slope * draw.between(0.1, 1.5)));
  },
});

const sawtooth = (falls) => ({
  name: `sawtooth, ${falls} ${falls === 1 ? "fall" : "falls"}`,
  lower: 0,
  make(draw, grid) {
    const period = grid.length / (falls + draw.between(0.2, 0.7));
    const phase = draw.between(0.1, 0.8);
    const height = draw.between(20, 200);
    const floor = height * draw.between(0.2, 4);
    const signal = (time) => floor + height * ((((time / period + phase) % 1) + 1) % 1);
    return series(grid, signal, smoothOrRough(draw, (height / period) * draw.between(0.1, 1)));
  },
});

const shiftedAgo = (ago) => ({
  name: `level shift ${ago} points ago`,
  lower: 0,
  make(draw, grid) {
    const before = draw.between(50, 100);
    const change = before * draw.between(0.2, 0.8) * draw.pick([-1, 1]);
    const signal = (time) => (time <= -ago ? before : before + change);
    return series(grid, signal, noiseOf(draw, Math.abs(change) * draw.between(0.005, 0.12)));
  },
});

const changedAgo = (ago) => ({
  name: `constant, changed ${ago} points ago`,
  lower: 0,
  make(draw, grid) {
    const before = draw.integer(1, 40);
    const after = before + draw.integer(1, 20) * draw.pick([-1, 1]);
    return series(grid, (time) => (time <= -ago ? before : Math.max(0, after)));
  },
});

const changedAndBack = {
  name: "constant, changed 2 points ago and back",
  lower: 0,
  make(draw, grid) {
    const before = draw.integer(1, 40);
    const other = before + draw.integer(1, 20);
    return series(grid, (time) => (time === -2 ? other : before));
  },
};

const leak = {
  name: "leak with noise",
  lower: 0,
  make(draw, grid) {
    const slope = draw.between(0.2, 2);
    const level = slope * grid.length * draw.between(2, 6);
    return series(grid, (time) => level + slope * time, noiseOf(draw, slope * draw.between(1, 8)));
  },
};

const heap = {
  name: "heap, garbage collections on a slow leak",
  lower: 0,
  make(draw, grid) {
    const period = draw.between(6, 25);
    const height = draw.between(10, 60);
    const leaked = (height / period) * draw.between(0.05, 0.3);
    const floor = leaked * grid.length + height * draw.between(1, 3);
    const phase = draw.between(0.1, 0.8);
    const signal = (time) => floor + leaked * time + height * ((((time / period + phase) % 1) + 1) % 1);
    return series(grid, signal, noiseOf(draw, height * draw.between(0.02, 0.1)));
  },
};

const warmUp = {
  name: "warm-up that saturates",
  lower: 0,
  make(draw, grid) {
    const level = draw.between(50, 300);
    const pace = grid.length / draw.between(1.5, 6);
    const signal = (time) => level * (1 - restOf(time, grid, pace));
    return series(grid, signal, noiseOf(draw, level * draw.between(0.002, 0.02)));
  },
};

const staircase = {
  name: "staircase",
  lower: 0,
  make(draw, grid) {
    const every = draw.integer(8, 30);
    const height = draw.between(2, 20);
    const phase = draw.integer(0, every - 1);
    const steps = Math.ceil(grid.length / every) + 2;
    const signal = (time) => height * (steps + Math.floor((time + phase) / every));
    return series(grid, signal, noiseOf(draw, draw.chance(0.5) ? 0 : height * draw.between(0.02, 0.1)));
  },
};

const cycle = {
  name: "cycle",
  lower: 0,
  make(draw, grid) {
    const period = grid.length / draw.between(2.5, 6);
    const level = draw.between(50, 100);
    const amplitude = level * draw.between(0.2, 0.7);
    const phase = draw.between(0.1, 6);
    const signal = (time) => level + amplitude * Math.sin(phase + (2 * Math.PI * time) / period);
    return series(grid, signal, noiseOf(draw, amplitude * draw.between(0.05, 0.3)));
  },
};

/** What is left of a start-up, 1 at the first point. */
function restOf(time, { length }, pace) {
  return Math.exp(-(time + length) / pace);
}

function noiseOf(draw, deviation) {
  return () => draw.normal(deviation);
}

/** Noise of each point by itself; or a pace that wanders, as memory that is sampled more often than it moves. */
function smoothOrRough(draw, deviation) {
  if (draw.chance(0.5)) return noiseOf(draw, deviation);
  let pace = 0;
  let away = 0;
  return () => {
    pace = 0.7 * pace + draw.normal(deviation / 4);
    away = 0.9 * away + pace;
    return away;
  };
}

export function levelShapes({ fellPoints, shiftedPoints }) {
  return [
    ...fellPoints.map(fellAgo),
    ...[1, 2, 3, 5].map(sawtooth),
    ...shiftedPoints.map(shiftedAgo),
    ...[1, 2, 4].map(changedAgo),
    ...[changedAndBack, leak, heap, warmUp, staircase, cycle],
  ];
}
