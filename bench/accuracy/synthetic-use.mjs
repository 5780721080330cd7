import { randomFrom } from "./random.mjs";

/** What made-up agents use in each minute: calls that come at random, each of a size of its own. The same every time. */
const DAY_MINUTES = 1440;
const LENGTH = 4 * DAY_MINUTES;
const REPEATS = 4;

function normal(random) {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

/** How many calls come, where `mean` do on average. */
function poisson(mean, random) {
  const limit = Math.exp(-mean);
  let calls = 0;
  for (let product = random(); product > limit; product *= random()) calls++;
  return calls;
}

/** Calls a minute, for each kind of agent. */
const kinds = {
  "steady agent": () => () => 3,
  "rare calls": () => () => 0.05,
  "runs and pauses": (random) => {
    let isRunning = true;
    return () => {
      if (random() < 0.02) isRunning = !isRunning;
      return isRunning ? 4 : 0;
    };
  },
  "growing load": () => (minute) => 1 + minute / 1000,
  "drifting load": (random) => {
    let level = 2;
    return () => {
      level = Math.min(20, Math.max(0.2, level * Math.exp(0.03 * normal(random))));
      return level;
    };
  },
};

export function syntheticUse() {
  return Object.entries(kinds).flatMap(([kind, make], order) =>
    Array.from({ length: REPEATS }, (_, repeat) => {
      const random = randomFrom(1 + 1000 * order + repeat);
      const callsAt = make(random);
      const used = Array.from({ length: LENGTH }, (_, minute) => {
        let sum = 0;
        for (let call = poisson(callsAt(minute), random); call > 0; call--) sum += Math.exp(normal(random));
        return sum;
      });
      return { id: `${kind} ${repeat}`, source: "made-up agents", step: 60, used };
    }),
  );
}
