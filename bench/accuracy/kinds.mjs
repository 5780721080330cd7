import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { gateFor } from "../../src/weights/gate-for.ts";
import { seededRandom } from "../harness/statistics.mjs";
import { mean } from "./shapes/score.mjs";

const help = `node bench/accuracy/kinds.mjs [options]

Measures the forecasts of series of known kinds, of 400 points: mean absolute error over that of no change, over all steps
up to a horizon; and the CPU time of a fit.
  --method NAME    the method; may be given more than once (default: auto)
  --series COUNT   series of each kind (default: 120)`;

const { values: options } = parseArgs({
  options: {
    method: { type: "string", multiple: true, default: ["auto"] },
    series: { type: "string", default: "120" },
    help: { type: "boolean", default: false },
  },
});
const points = 400;
const horizons = [12, 60, 288];
const furthest = Math.max(...horizons);

/** The CPU times of all fits and their number, by method. */
const fits = new Map(options.method.map((method) => [method, { millis: 0, count: 0 }]));

/** Each makes the next value of a series from its index. */
const kinds = {
  "random walk": ({ normal }) => {
    let level = 0;
    return () => {
      level += normal();
      return level;
    };
  },
  "white noise": ({ normal }) => normal,
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

if (options.help) console.log(help);
else measure();

function measure() {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0].model}: ${options.series} series of each kind.\n`,
  );
  const columns = options.method.flatMap((method) => horizons.map((steps) => `${method}, ${steps} steps`));
  console.log(`| series | ${columns.join(" | ")} |`);
  console.log(`| --- | ${columns.map(() => "---").join(" | ")} |`);
  for (const [name, kind] of Object.entries(kinds)) {
    const series = Array.from({ length: Number(options.series) }, (_, seed) => valuesOf(kind, seed));
    const cells = options.method.flatMap((method) => errorsOf(series, method));
    console.log(`| ${name} | ${cells.map((error) => error.toFixed(3)).join(" | ")} |`);
  }
  const costs = [...fits].map(([method, { millis, count }]) => `${method} ${(millis / count).toFixed(1)} ms`);
  console.log(`\nMean CPU time of a fit: ${costs.join(", ")}.`);
}

function timed(method, make) {
  const before = process.threadCpuUsage();
  const result = make();
  const { user, system } = process.threadCpuUsage(before);
  const sum = fits.get(method) ?? { millis: 0, count: 0 };
  fits.set(method, { millis: sum.millis + (user + system) / 1000, count: sum.count + 1 });
  return result;
}

function valuesOf(kind, seed) {
  const uniform = seededRandom(seed + 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const next = kind({ uniform, normal });
  return Array.from({ length: points + furthest }, (_, index) => next(index));
}

/** At each horizon. */
function errorsOf(series, method) {
  const sums = series.map((values) => {
    const known = values.slice(0, points);
    const result = timed(method, () =>
      fitModel({ values: known, stepSeconds: 60 }, { method, gate: gateFor(method), horizonSteps: furthest }),
    );
    if (result.state !== "ready") throw new Error(`no model of ${points} points: ${result.state}`);
    const path = result.model.predict(furthest).mean;
    const over = (steps, forecast) =>
      mean(Array.from({ length: steps }, (_, index) => Math.abs(values[points + index] - forecast(index))));
    return horizons.map((steps) => ({
      own: over(steps, (index) => path[index]),
      naive: over(steps, () => known.at(-1)),
    }));
  });
  return horizons.map(
    (_, index) =>
      mean(sums.map((errors) => errors[index].own)) / mean(sums.map((errors) => errors[index].naive)),
  );
}
