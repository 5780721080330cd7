/** Series of the kinds that agents have. */
export const seriesKinds = {
  "random walk": (random) => {
    let level = 50;
    return () => {
      level += random() * 4 - 2;
      return level;
    };
  },
  "daily season": (random) => (index) => 50 + 20 * Math.sin((index / 96) * 2 * Math.PI) + random() * 5,
  ramp: (random) => (index) => index * 0.1 + random(),
  "near constant": (random) => () => (random() < 0.02 ? 2 : 1),
  counts: (random) => () => Math.floor(random() ** 6 * 20),
};
