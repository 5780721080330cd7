import { randomFrom } from "./random.mjs";

/** Made-up series of the kinds that operations have, the same every time: for machines without the benchmark's data. */
const length = 2600;

const kinds = {
  "daily load": (random) => {
    const amplitude = 1 + 4 * random();
    let drift = 0;
    return (step) => {
      drift += 0.05 * (random() - 0.5);
      return 10 + drift + amplitude * Math.sin((2 * Math.PI * step) / 288) + random();
    };
  },
  "cron spikes": (random) => {
    const phase = Math.floor(12 * random());
    return (step) => (step % 12 === phase ? 8 + random() : 1 + 0.3 * random());
  },
  "memory steps": (random) => {
    let level = 50;
    return () => {
      if (random() < 0.01) level += 20 * (random() - 0.5);
      return level;
    };
  },
  "leak and restart": (random) => {
    let used = 0;
    return () => {
      used = random() < 0.004 ? 0 : used + 0.1 + 0.05 * random();
      return 20 + used;
    };
  },
  "rare errors": (random) => () => (random() < 0.05 ? Math.ceil(5 * random()) : 0),
  "random walk": (random) => {
    let level = 0;
    return () => {
      level += random() + random() - 1;
      return level;
    };
  },
  "noisy ratio": (random) => () => Math.min(1, 0.97 + 0.05 * random() * random()),
};

const seriesPerKind = 6;

/** Series in the benchmark's format. */
export function syntheticSeries() {
  return Object.entries(kinds).flatMap(([kind, generator], order) =>
    Array.from({ length: seriesPerKind }, (_, index) => {
      const random = randomFrom(1 + 1000 * order + index);
      const next = generator(random);
      const values = Array.from({ length }, (_, step) =>
        random() < 0.005 ? null : Number(next(step).toPrecision(6)),
      );
      return { id: `${kind} ${index}`, source: kind, kind, step: 300, season: 288, values };
    }),
  );
}
