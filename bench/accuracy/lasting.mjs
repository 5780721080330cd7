import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { boundsOfUnknown } from "../../src/forecast/natural-bounds.ts";
import { mean } from "./shapes/score.mjs";

const help = `node bench/accuracy/lasting.mjs [options] [FOLDER]

Compares models of auto that were fitted some steps ago, and updated since, with models that are fitted now, on the series
in FOLDER/series.jsonl (or $FORECAST_BENCH): the geometric mean of the ratio of their errors, with two standard errors,
and the share of values inside the 80 % interval.
  --points COUNT   length of the history (default: 360)
  --ages LIST      steps since the fit (default: 15,30,60,120,240)
  --steps LIST     steps ahead (default: 30,288)
  --origins COUNT  origins of each series, equally spaced (default: 6)`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    points: { type: "string", default: "360" },
    ages: { type: "string", default: "15,30,60,120,240" },
    steps: { type: "string", default: "30,288" },
    origins: { type: "string", default: "6" },
    help: { type: "boolean", default: false },
  },
});
const points = Number(options.points);
const ages = options.ages.split(",").map(Number);
const horizons = options.steps.split(",").map(Number);
const furthest = Math.max(...horizons);
/** Of the newest value: smaller errors do not matter. */
const OFFSET = 0.001;

if (options.help) console.log(help);
else measure();

function measure() {
  const file = resolve(positionals[0] ?? process.env.FORECAST_BENCH ?? ".", "series.jsonl");
  if (!existsSync(file)) throw new Error(`${file} does not exist: name a FOLDER or set FORECAST_BENCH`);
  const series = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const scores = series.flatMap(scoresOf);
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${date}, node ${process.version}, ${cpus()[0].model}: ${series.length} series, ${points} points, error over that of a model that is fitted now.\n`,
  );
  console.log(
    "| model | steps ahead | steps since the fit | comparisons | error | 80 % interval holds: then, now |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const kind of ["without a season", "with a season"])
    for (const steps of horizons)
      for (const age of ages)
        console.log(
          rowOf(
            kind,
            steps,
            age,
            scores.filter((it) => it.kind === kind && it.steps === steps && it.age === age),
          ),
        );
}

function rowOf(kind, steps, age, scores) {
  const logs = scores.map(({ ratio }) => Math.log(ratio));
  const middle = mean(logs);
  const error = Math.sqrt(mean(logs.map((log) => (log - middle) ** 2)) / logs.length);
  const held = ["held", "heldNow"]
    .map((key) => mean(scores.map((score) => score[key])).toFixed(2))
    .join(", ");
  return `| ${kind} | ${steps} | ${age} | ${scores.length} | ${Math.exp(middle).toFixed(3)} ± ${(2 * error).toFixed(3)} | ${held} |`;
}

function scoresOf({ values, step, season }) {
  const known = Float64Array.from(values, (value) => value ?? Number.NaN);
  const first = points + Math.max(...ages);
  const room = known.length - furthest - first;
  if (room < 0) return [];
  const origins = Array.from(
    { length: Number(options.origins) },
    (_, index) => first + Math.floor((room * index) / Number(options.origins)),
  );
  return origins
    .filter((at) => Number.isFinite(known[at - 1]))
    .flatMap((at) => scoresAt(known, at, { step, season }));
}

function scoresAt(known, at, about) {
  const now = modelOf(known, at, at, about);
  if (now === undefined) return [];
  const pathNow = now.predict(furthest);
  return ages.flatMap((age) => {
    const model = modelOf(known, at - age, at, about);
    if (model === undefined) return [];
    const path = model.predict(furthest);
    return horizons.flatMap((steps) => {
      const actual = known.subarray(at, at + steps);
      const offset = OFFSET * Math.abs(known[at - 1]) + 1e-9;
      const ratio = (errorOf(path, actual) + offset) / (errorOf(pathNow, actual) + offset);
      if (!Number.isFinite(ratio)) return [];
      const kind = model.method.includes("season") ? "with a season" : "without a season";
      return { kind, steps, age, ratio, held: shareHeld(path, actual), heldNow: shareHeld(pathNow, actual) };
    });
  });
}

/** A model that was fitted at `fittedAt` and has taken the values until `at`. */
function modelOf(known, fittedAt, at, { step, season }) {
  const values = known.slice(fittedAt - points, fittedAt);
  const asked = season !== null && season * 2 <= points ? { season } : {};
  const fit = fitModel(
    { values, stepSeconds: step, ...asked },
    { method: "auto", bounds: boundsOfUnknown("auto", values), horizonSteps: furthest },
  );
  if (fit.state !== "ready") return undefined;
  for (const value of known.subarray(fittedAt, at)) fit.model.update(value);
  return fit.model;
}

function errorOf({ mean: predicted }, actual) {
  return mean(
    [...actual.keys()]
      .filter((step) => Number.isFinite(actual[step]))
      .map((step) => Math.abs(actual[step] - predicted[step])),
  );
}

function shareHeld({ lower80, upper80 }, actual) {
  const steps = [...actual.keys()].filter((step) => Number.isFinite(actual[step]));
  return mean(steps.map((step) => Number(actual[step] >= lower80[step] && actual[step] <= upper80[step])));
}
