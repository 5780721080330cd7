import { series } from "./series.mjs";

/** Counts: queues, bursts, tasks in progress. Time 0 is the newest point. */

const growing = (name, growth) => ({
  name: `queue begins to grow, ${name}`,
  lower: 0,
  make(draw, grid) {
    const since = draw.integer(3, 10);
    const pace = draw.between(0.5, 6);
    const idle = draw.chance(0.5) ? 0 : draw.between(0.5, 3);
    const signal = (time) => idle + pace * growth(Math.max(0, time + since));
    return series(
      grid,
      signal,
      (time) => draw.poisson(idle) - idle + scatter(draw, signal(time) - idle),
      Math.round,
    );
  },
});

/** A queue that was full, and has been empty for some points, or will be empty in some. */
const draining = (name, emptyAt) => ({
  name: `queue ${name}`,
  lower: 0,
  make(draw, grid) {
    const full = draw.between(30, 300);
    const end = emptyAt(draw, grid);
    const began = end - draw.integer(4, Math.max(6, grid.length >> 1)) - Math.max(0, end);
    const pace = full / (end - began);
    const signal = (time) => (time >= end ? 0 : Math.min(full, pace * (end - time)));
    return series(grid, signal, (time) => scatter(draw, signal(time)) / 2, Math.round);
  },
});

const burst = (name, endOf) => ({
  name: `burst, ${name}`,
  lower: 0,
  make(draw, grid) {
    const level = draw.between(5, 30);
    const height = level * draw.between(2, 10);
    const lasted = draw.integer(3, Math.max(4, grid.length >> 2));
    const end = endOf(draw, grid);
    const start = end > 0 ? -lasted : end - lasted;
    const signal = (time) => (time > start && time <= end ? level + height : level);
    return series(grid, signal, (time) => scatter(draw, signal(time)), Math.round);
  },
});

const idleThenActive = {
  name: "idle, then active",
  lower: 0,
  make(draw, grid) {
    const since = draw.integer(3, grid.length >> 1);
    const level = draw.between(5, 50);
    const signal = (time) => (time <= -since ? 0 : level);
    return series(grid, signal, (time) => scatter(draw, signal(time)), Math.round);
  },
};

/** One worker: busy or not, by chance. */
const zeroOrOne = {
  name: "counts of 0 and 1",
  lower: 0,
  make(draw, grid) {
    const begins = draw.between(0.25, 0.5);
    const ends = draw.between(0.25, 0.5);
    let busy = 0;
    const usual = begins > ends ? 1 : 0;
    const next = () => {
      if (draw.chance(busy === 1 ? ends : begins)) busy = 1 - busy;
      return busy - usual;
    };
    return series(grid, () => usual, next, Math.round);
  },
};

/** The scatter of a count around its mean. */
function scatter(draw, mean) {
  return mean > 0 ? draw.normal(Math.sqrt(mean)) : 0;
}

export const queueShapes = [
  growing("linear", (steps) => steps),
  growing("quadratic", (steps) => (steps * steps) / 12),
  draining("drained and stays empty", (draw) => -draw.integer(1, 8)),
  draining("drains", (draw, { ahead }) => draw.integer(5, ahead)),
  burst("ended", (draw) => -draw.integer(1, 6)),
  burst("on", (draw, { ahead }) => (draw.chance(0.5) ? 2 * ahead : draw.integer(5, ahead))),
  idleThenActive,
  zeroOrOne,
];
