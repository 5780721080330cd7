import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { boundsOfUnknown } from "../../src/forecast/natural-bounds.ts";
import { realSeries } from "./harness/real-series.mjs";
import { mean } from "./shapes/score.mjs";

const help = `node bench/accuracy/lasting.mjs [options] [FOLDER]

Compares how models of auto can be kept good, on the series in FOLDER/series.jsonl (or $FORECAST_BENCH), from a fit on:
  kept        it takes each value
  followed    it also follows its seasons every 30 steps, or looks for one every 180 steps if it has none. It is fitted
              again when it asks for that
  refitted    it is fitted again every 30 steps
  new         it is fitted again before each forecast
Every 60 steps, or a little sooner or later, all four forecast the same values. The errors of a series are added up. Of
their ratios: the geometric mean over the series with two standard errors, and the same of every other series; and the
share of values inside the 80 % interval.
  --points COUNT   length of the history (default: 360)
  --until STEPS    steps since the fit (default: 720)
  --steps LIST     steps ahead (default: 30,288)
  --fits COUNT     first fits of each series, equally spaced (default: 10)`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    points: { type: "string", default: "360" },
    until: { type: "string", default: "720" },
    steps: { type: "string", default: "30,288" },
    fits: { type: "string", default: "10" },
    help: { type: "boolean", default: false },
  },
});
const points = Number(options.points);
const until = Number(options.until);
const horizons = options.steps.split(",").map(Number);
const furthest = Math.max(...horizons);
const FOLLOW_STEPS = 30;
const SEARCH_STEPS = 180;
/** Of the error of naive: smaller errors do not matter. */
const OFFSET = 0.01;
/** The ages that are shown together end here. */
const AGES = [120, 240, 360, 720];
const KINDS = ["without a season", "with a season"];
/** The steps from the fit to each forecast. */
const judged = Array.from(
  { length: Math.floor(until / 60) },
  (_, index) => 60 * index + 1 + ((index * 17) % 58),
);
/** What each way does after so many steps since the fit. */
const WAYS = {
  kept: (model) => model,
  followed: (model, since, fitted, past) => {
    const isDue = since.follow >= (model.hasSeasons ? FOLLOW_STEPS : SEARCH_STEPS);
    if (isDue) since.follow = 0;
    return isDue && !model.follow(past()) ? fitted() : model;
  },
  refitted: (model, since, fitted) => (since.fit % FOLLOW_STEPS === 0 ? fitted() : model),
  new: (model, since, fitted) => (judged.includes(since.fit) ? fitted() : model),
};

if (options.help) console.log(help);
else measure();

function measure() {
  const series = realSeries(positionals[0]);
  const scores = series.map(scoresOf);
  const date = new Date().toISOString().slice(0, 10);
  const used = scores.filter(({ length }) => length > 0).length;
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}: ${used} series, ${points} points.\n`);
  console.log(
    "| first model | steps ahead | steps since its fit | series | kept / new | followed / new | followed / refitted | the same, halves | 80 % interval holds: followed, new |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  const ranges = AGES.map((end, index) => [AGES[index - 1] ?? 0, end]).filter(([from]) => from < until);
  for (const kind of [...KINDS, undefined])
    for (const steps of horizons)
      for (const [from, end] of [...ranges, [0, until]])
        console.log(
          rowOf(
            `${kind ?? "any"} | ${steps} | ${from + 1} to ${end}`,
            scores.map((all) =>
              all.filter(
                (it) => it.kind === (kind ?? it.kind) && it.steps === steps && it.age > from && it.age <= end,
              ),
            ),
          ),
        );
}

/** @param bySeries the scores of each series. */
function rowOf(name, bySeries) {
  const used = bySeries.filter(({ length }) => length > 0);
  const held = ["followed", "new"]
    .map((way) => mean(used.flatMap((all) => all.map((score) => score.held[way]))).toFixed(2))
    .join(", ");
  const halves = [0, 1].map((half) => bySeries.filter((all, index) => all.length > 0 && index % 2 === half));
  const cells = [
    ratioOf(used, "kept", "new"),
    ratioOf(used, "followed", "new"),
    ratioOf(used, "followed", "refitted"),
    halves.map((half) => ratioOf(half, "followed", "refitted")).join(", "),
  ];
  return `| ${name} | ${used.length} | ${cells.join(" | ")} | ${held} |`;
}

/** The errors of one model over those of another: the geometric mean over the series. */
function ratioOf(bySeries, one, other) {
  const logs = bySeries.map((scores) => {
    const [error, otherError, naive] = [one, other, "naive"].map((key) =>
      mean(scores.map(({ errors }) => errors[key])),
    );
    return Math.log((error + OFFSET * naive) / (otherError + OFFSET * naive));
  });
  const middle = mean(logs);
  const deviation = Math.sqrt(mean(logs.map((log) => (log - middle) ** 2)) / (logs.length - 1));
  return `${Math.exp(middle).toFixed(3)} ± ${(2 * deviation).toFixed(3)}`;
}

function scoresOf({ values, step, season }) {
  const known = Float64Array.from(values, (value) => value ?? Number.NaN);
  const room = known.length - furthest - points - until;
  if (room < 0) return [];
  const count = Number(options.fits);
  return Array.from({ length: count }, (_, index) => points + Math.floor((room * index) / count)).flatMap(
    (fittedAt) => scoresFrom(known, fittedAt, { step, season }),
  );
}

/** The scores of all ways, from a fit on. */
function scoresFrom(known, fittedAt, about) {
  const first = fitAt(known, fittedAt, about);
  if (first === undefined) return [];
  const kind = KINDS[Number(first.hasSeasons)];
  const paths = Object.entries(WAYS).map(([way, next]) => [way, pathsOf(known, fittedAt, about, next)]);
  return judged.flatMap((age, index) => {
    const at = fittedAt + age;
    if (!Number.isFinite(known[at - 1])) return [];
    return horizons.flatMap((steps) => {
      const actual = known.subarray(at, at + steps);
      const naive = errorOf({ mean: new Float64Array(steps).fill(known[at - 1]) }, actual);
      if (!(naive > 0)) return [];
      const ofEach = (score) =>
        Object.fromEntries(paths.map(([way, made]) => [way, score(made[index], actual)]));
      return { kind, steps, age, errors: { naive, ...ofEach(errorOf) }, held: ofEach(shareHeld) };
    });
  });
}

/** The forecasts at each judged step, of models that are kept good in some way. */
function pathsOf(known, fittedAt, about, next) {
  let model = fitAt(known, fittedAt, about);
  const since = { fit: 0, follow: 0 };
  const paths = [];
  for (let at = fittedAt; at < fittedAt + until; ) {
    model?.update(known[at]);
    at += 1;
    since.fit += 1;
    since.follow += 1;
    const fitted = () => fitAt(known, at, about) ?? model;
    model = next(model, since, fitted, () => known.slice(at - points, at));
    if (judged.includes(since.fit)) paths.push(model?.predict(furthest));
  }
  return paths;
}

function fitAt(known, at, { step, season }) {
  const values = known.slice(at - points, at);
  const asked = season !== null && season * 2 <= points ? { season } : {};
  const fit = fitModel(
    { values, stepSeconds: step, ...asked },
    { method: "auto", bounds: boundsOfUnknown("auto", values), horizonSteps: furthest },
  );
  return fit.state === "ready" ? fit.model : undefined;
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
