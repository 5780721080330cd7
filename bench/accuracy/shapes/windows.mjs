/**
 * Numbers over a sliding window of time: each value shares most of its window with the one before, so
 * that chance looks like a trend. Whoever knew the shape would know the true rate, and what leaves the
 * window.
 */

/** A rate of events: `paceAt` is the true mean of a slice at a time, 0 at the newest point. */
const rate = (name, changeOf) => ({
  name: `windowed rate, ${name}`,
  lower: 0,
  make(draw, { length, ahead }) {
    const window = draw.integer(30, 60);
    const pace = draw.between(0.3, 6);
    const { since, factor } = changeOf(draw, length);
    const paceAt = (time) => (time > -since ? pace * factor : pace);
    return windowed({ length, ahead, window }, (time) => draw.poisson(paceAt(time)), paceAt);
  },
});

const success = {
  name: "windowed success ratio, failures drift",
  lower: 0,
  upper: 1,
  make(draw, { length, ahead }) {
    const window = draw.integer(30, 60);
    const tasks = draw.between(1, 8);
    const first = draw.between(0.01, 0.1);
    const drift = (draw.between(0.05, 0.4) / length) * draw.pick([0, 1, 1]);
    const failedShare = (time) => Math.min(0.8, first + drift * (time + length));
    const total = length + ahead;
    const slices = Array.from({ length: total }, (_, index) => {
      const count = 1 + draw.poisson(tasks);
      const failed = Array.from({ length: count }, () => draw.chance(failedShare(index - length + 1))).filter(
        Boolean,
      );
      return { count, failed: failed.length };
    });
    const ratio = (kept) => 1 - sum(kept.map(({ failed }) => failed)) / sum(kept.map(({ count }) => count));
    const values = Array.from({ length: length + ahead }, (_, index) =>
      ratio(slices.slice(Math.max(0, index - window + 1), index + 1)),
    );
    const expected = Array.from({ length: ahead }, (_, index) => {
      const known = slices.slice(Math.max(0, length + index - window + 1), length);
      const assumed = Array.from({ length: Math.min(window, index + 1) }, (_, back) => ({
        count: 1 + tasks,
        failed: (1 + tasks) * failedShare(index + 1 - back),
      }));
      return ratio([...known, ...assumed]);
    });
    return { values, expected };
  },
};

const percentile = {
  name: "windowed 95th percentile",
  lower: 0,
  make(draw, { length, ahead }) {
    const window = draw.integer(30, 60);
    const tasks = draw.between(1, 6);
    const middle = draw.between(0.05, 2);
    const spread = draw.between(0.2, 0.8);
    const slices = Array.from({ length: length + ahead }, () =>
      Array.from({ length: 1 + draw.poisson(tasks) }, () => middle * Math.exp(draw.normal(spread))),
    );
    const values = slices.map((_, index) =>
      quantile(slices.slice(Math.max(0, index - window + 1), index + 1).flat(), 0.95),
    );
    const usual = middle * Math.exp(1.645 * spread);
    const last = values[length - 1];
    const expected = Array.from(
      { length: ahead },
      (_, index) => last + (usual - last) * Math.min(1, (index + 1) / window),
    );
    return { values, expected };
  },
};

/** The mean of each slice over a window, which grows from the first point on. */
function windowed({ length, ahead, window }, sliceAt, meanAt) {
  const slices = Array.from({ length: length + ahead }, (_, index) => sliceAt(index - length + 1));
  const mean = (kept) => sum(kept) / kept.length;
  const from = (index) => Math.max(0, index - window + 1);
  const values = slices.map((_, index) => mean(slices.slice(from(index), index + 1)));
  const expected = Array.from({ length: ahead }, (_, index) => {
    const known = slices.slice(from(length + index), length);
    const assumed = Array.from({ length: Math.min(window, index + 1) }, (_, back) =>
      meanAt(index + 1 - back),
    );
    return mean([...known, ...assumed]);
  });
  return { values, expected };
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const windowShapes = [
  rate("steady", () => ({ since: 0, factor: 1 })),
  rate("load changed", (draw, length) => ({
    since: draw.integer(5, length >> 1),
    factor: draw.chance(0.5) ? draw.between(1.5, 4) : draw.between(0.2, 0.6),
  })),
  success,
  percentile,
];
