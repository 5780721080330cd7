/** Tasks that fail at random. */

const tasksPerSecond = 2;
const boundaries = Array.from({ length: 90 }, (_, index) => 0.01 * 1.1 ** index);

/** The share of tasks that fail, step by step. */
const shares = {
  constant: () => () => 0.05,
  drifting: (random) => {
    let logit = -3;
    return (seconds) => {
      logit += 0.01 * Math.sqrt(seconds) * normal(random) - 0.0004 * seconds * (logit + 3);
      return 1 / (1 + Math.exp(-logit));
    };
  },
  "in bursts": (random) => {
    let isBurst = false;
    return (seconds) => {
      if (random() < seconds / (isBurst ? 60 : 400)) isBurst = !isBurst;
      return isBurst ? 0.4 : 0.02;
    };
  },
};

export const kinds = Object.keys(shares);

/**
 * Returns what a histogram has measured in each next step. Failed tasks take longer.
 *
 * @returns {() => any}
 */
export function failingTasks(kind, random, stepSeconds) {
  const shareAt = shares[kind](random);
  return () => {
    const share = shareAt(stepSeconds);
    /** @type {Record<string, number[]>} */
    const durations = { failed: [], succeeded: [] };
    for (let task = poisson(tasksPerSecond * stepSeconds, random); task > 0; task--) {
      const hasFailed = random() < share;
      const seconds = (hasFailed ? 1.5 : 0.2) * Math.exp(0.4 * normal(random));
      durations[hasFailed ? "failed" : "succeeded"].push(seconds);
    }
    return {
      ...{ scope: "bench", name: "task.duration", unit: "s", description: "", kind: "histogram" },
      points: [
        { labels: { error_type: "timeout" }, value: histogramOf(durations.failed) },
        { labels: {}, value: histogramOf(durations.succeeded) },
      ].filter(({ value }) => value.count > 0),
    };
  };
}

function histogramOf(values) {
  const counts = new Array(boundaries.length + 1).fill(0);
  for (const value of values) {
    const bucket = boundaries.findIndex((boundary) => value <= boundary);
    counts[bucket === -1 ? boundaries.length : bucket] += 1;
  }
  return {
    ...{ kind: "explicit", boundaries, counts, count: values.length },
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

function poisson(mean, random) {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}
