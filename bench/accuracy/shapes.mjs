import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { gateFor } from "../../src/weights/gate-for.ts";
import { Draw } from "./shapes/draw.mjs";
import { fittedModel, liveModel } from "./shapes/forecasts.mjs";
import { levelShapes } from "./shapes/levels.mjs";
import { noiseShapes } from "./shapes/noises.mjs";
import { queueShapes } from "./shapes/queues.mjs";
import { geometricMean, mean, scoreOf } from "./shapes/score.mjs";
import { windowShapes } from "./shapes/windows.mjs";

const help = `node bench/accuracy/shapes.mjs [options]

Measures the forecasts of the shapes that series have in the first hour of a process: histories of 20 to 300 points, in steps
of 2 to 10 seconds, with the bounds that their units give. It fits each history as a process does.
  --method NAME   the method (default: auto)
  --seed SET      tuning or held-out: other seeds and wider ranges of the parameters (default: tuning)
  --shape TEXT    only the shapes whose name contains the text
  --unbounded     without the bounds of the units
  --live          by models that are fitted and updated as the series grows, as in a process, instead of a new fit
  --cases COUNT   histories of each shape (default: 8)

error       mean absolute error over no change, geometric mean over histories and horizons
end         the same at the last step of each horizon alone
known       the same for a forecast that knows the shape, but not the noise to come
80 %        share of the values in the 80 % interval
absurd      forecasts far outside of everything that the series ever was
negative    forecasts or bounds below 0 of a quantity that cannot be
no width    intervals without a width of a series that moves`;

const { values: options } = parseArgs({
  options: {
    method: { type: "string", default: "auto" },
    seed: { type: "string", default: "tuning" },
    shape: { type: "string", default: "" },
    live: { type: "boolean", default: false },
    unbounded: { type: "boolean", default: false },
    cases: { type: "string", default: "8" },
    help: { type: "boolean", default: false },
  },
});

const sets = {
  tuning: { base: 1000, stretch: 1, fellPoints: [0, 1, 2, 4, 8], shiftedPoints: [1, 2, 4, 6, 10, 20] },
  "held-out": {
    base: 700_000,
    stretch: 1.25,
    fellPoints: [0, 1, 3, 6, 12],
    shiftedPoints: [1, 3, 5, 7, 14, 18],
  },
};
const lengths = [20, 30, 45, 60, 90, 120, 180, 300];
const ahead = 150;

if (options.help) console.log(help);
else if (sets[options.seed] === undefined) fail(`--seed must be one of ${Object.keys(sets).join(", ")}`);
else measure(sets[options.seed]);

function fail(message) {
  console.error(message);
  process.exitCode = 2;
}

function measure(set) {
  const rows = [...levelShapes(set), ...queueShapes, ...windowShapes, ...noiseShapes]
    .map((shape, order) => ({ shape, order }))
    .filter(({ shape }) => shape.name.includes(options.shape))
    .map(({ shape, order }) => ({ name: shape.name, scores: scoresOf(shape, order, set) }));
  const all = rows.flatMap(({ scores }) => scores);
  console.log(
    `${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0].model}: ${all.length} forecasts of ` +
      `${rows.length} shapes, ${options.seed}, by ${options.method}.\n`,
  );
  console.log(
    "| shape | error | short / middle / long | end | known | 80 % | absurd | negative | no width |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const { name, scores } of rows) console.log(rowOf(name, scores));
  const errors = rows.map(({ scores }) => geometricMean(scores.map(({ error }) => error)));
  const coverages = rows.map(({ scores }) => mean(scores.map(({ coverage }) => coverage)));
  console.log(rowOf("**all**", all));
  console.log(
    `\nerror: ${geometricMean(errors).toFixed(3)}, worst shape ${Math.max(...errors).toFixed(2)}; ` +
      `80 % interval: ${mean(coverages).toFixed(3)}, worst shape ${Math.min(...coverages).toFixed(2)}`,
  );
}

function rowOf(name, scores) {
  const error = (list, key = "error") => geometricMean(list.map((score) => score[key])).toFixed(2);
  const count = (key) => scores.filter((score) => score[key]).length;
  const byHorizon = ["short", "middle", "long"].map((term) =>
    error(scores.filter((score) => score.term === term)),
  );
  const held = mean(scores.map(({ coverage }) => coverage)).toFixed(2);
  const cells = [
    name,
    error(scores),
    byHorizon.join(" / "),
    error(scores, "errorAtEnd"),
    error(scores, "known"),
    held,
  ];
  return `| ${[...cells, count("absurd"), count("negative"), count("widthless")].join(" | ")} |`;
}

function scoresOf(shape, order, set) {
  return Array.from({ length: Number(options.cases) }, (_, index) => {
    const draw = new Draw(set.base + 7919 * order + 104_729 * index, set.stretch);
    const length = lengths[(index + order) % lengths.length];
    const stepSeconds = draw.pick([2, 5, 10]);
    const { lower, upper } = shape;
    const made = { ...shape.make(draw, { length, ahead, lower, upper }), length, lower };
    const horizons = { short: draw.integer(6, 12), middle: 30, long: draw.integer(60, ahead) };
    const path = pathOf(made, { stepSeconds, bounds: options.unbounded ? {} : boundsOf(shape) });
    return Object.entries(horizons).map(([term, steps]) => ({ term, ...scoreOf(made, path, steps) }));
  }).flat();
}

function boundsOf({ lower, upper }) {
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}

/** The forecasts of all steps after the history. */
function pathOf({ values, length }, { stepSeconds, bounds }) {
  const history = { values: values.slice(0, length), stepSeconds };
  const asked = {
    method: options.method,
    gate: gateFor(options.method),
    kind: new LevelKind(bounds),
    clock: undefined,
  };
  const predictAt = options.live ? liveModel(history, asked, ahead) : fittedModel(history, asked, ahead);
  const steps = Array.from({ length: ahead }, (_, index) => predictAt(index + 1));
  return {
    mean: steps.map((step) => step.mean),
    lower80: steps.map((step) => step.lower80),
    upper80: steps.map((step) => step.upper80),
  };
}
