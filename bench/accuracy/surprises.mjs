import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ClockedModel } from "../../src/engine/clocked-model.ts";
import { Surprises } from "../../src/engine/review/surprises.ts";
import { LevelKind } from "../../src/engine/series-kind.ts";
import { realSeries } from "./harness/real-series.mjs";
import { mean } from "./shapes/score.mjs";

const help = `node bench/accuracy/surprises.mjs [options] [FOLDER]

Compares how often a model of auto that lasts is fitted again because new values contradict it, on the series in
FOLDER/series.jsonl (or $FORECAST_BENCH):
  never     only when it is old, or asks for that
  rarely    as the engine does for models that last
  often     as the engine does for models of young series
The model takes each value, follows its seasons, and is fitted again every 360 steps. Every 5 steps all three forecast the
same values. Of the errors over those of "no change", and of the quantile loss of the 80 % interval over the same: the
geometric mean over the series.
  --points COUNT   length of the history (default: 360)
  --steps COUNT    steps since the first fit (default: 1600)
  --skip COUNT     steps that are not judged, at the beginning (default: 600)
  --ahead LIST     steps ahead (default: 1,6,30,360)`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    points: { type: "string", default: "360" },
    steps: { type: "string", default: "1600" },
    skip: { type: "string", default: "600" },
    ahead: { type: "string", default: "1,6,30,360" },
    help: { type: "boolean", default: false },
  },
});
const [points, steps, skip] = [options.points, options.steps, options.skip].map(Number);
const horizons = options.ahead.split(",").map(Number);
const furthest = Math.max(...horizons);
const JUDGED_EVERY = 5;
const REFIT_STEPS = 360;
const FOLLOW_STEPS = 30;
const SEARCH_STEPS = 180;
/** Of the error of no change: smaller errors do not matter. */
const OFFSET = 0.01;
const WAYS = { never: undefined, rarely: { lasts: true }, often: { lasts: false } };
const kind = new LevelKind({});

if (options.help) console.log(help);
else measure();

function measure() {
  const longest = points + steps + furthest;
  const series = realSeries(positionals[0]).filter(({ values }) => values.length >= longest);
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}: ${series.length} series.\n`);
  const columns = ["error", "quantile loss"].flatMap((it) =>
    horizons.map((ahead) => `${it}, ${ahead} ahead`),
  );
  console.log(`| fitted again | fits in 1000 steps | ${columns.join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(columns.length + 1)}`);
  for (const [way, model] of Object.entries(WAYS)) {
    const scores = series.map((it) => scoreOf(it, model)).filter((score) => score !== undefined);
    const fits = (1000 * mean(scores.map((score) => score.fits))) / (steps - skip);
    const ratios = ["errors", "losses"].flatMap((measured) =>
      horizons.map((_, index) =>
        Math.exp(mean(scores.map((score) => Math.log(score[measured][index])))).toFixed(3),
      ),
    );
    console.log(`| ${way} | ${fits.toFixed(1)} | ${ratios.join(" | ")} |`);
  }
}

/** The scores of one way on one series; `undefined` if it cannot be fitted. */
function scoreOf({ values, step, season }, compared) {
  const known = Float64Array.from(values, (value) => value ?? Number.NaN);
  const start = points + Math.floor((known.length - points - steps - furthest) / 2);
  const surprises = compared && new Surprises();
  surprises?.compareWith(compared);
  let model = fitAt(known, start, { step, season });
  if (model === undefined) return undefined;
  let [fitted, followed, fits] = [start, start, 0];
  const sums = horizons.map(() => ({ error: 0, loss: 0, noChange: 0 }));
  for (let at = start + 1; at <= start + steps; at += 1) {
    model.take(known[at - 1], surprises);
    const mustFollow = at - followed >= (model.hasSeasons ? FOLLOW_STEPS : SEARCH_STEPS);
    if (mustFollow) followed = at;
    const isOver = at - fitted >= REFIT_STEPS || surprises?.isDue === true;
    if (isOver || (mustFollow && !model.follow(known.slice(at - points, at)))) {
      model = fitAt(known, at, { step, season }) ?? model;
      [fitted, followed] = [at, at];
      surprises?.refitted();
      if (at > start + skip) fits += 1;
    }
    if (at > start + skip && at % JUDGED_EVERY === 0) judge(model, known, at, { step, sums });
  }
  const over = (measured) => sums.map((sum) => (sum[measured] + OFFSET * sum.noChange) / sum.noChange);
  if (sums.some(({ noChange }) => !(noChange > 0))) return undefined;
  return { fits, errors: over("error"), losses: over("loss") };
}

function fitAt(known, end, { step, season }) {
  const about = { stepSeconds: step, lastAt: end * step * 1000, ...(season === null ? {} : { season }) };
  const values = known.slice(end - points, end);
  const fit = ClockedModel.fit(
    { values, ...about },
    { method: "auto", kind, clock: undefined },
    furthest + 2,
  );
  return fit.state === "ready" ? fit.model : undefined;
}

function judge(model, known, at, { step, sums }) {
  const last = known.subarray(0, at).findLast((value) => !Number.isNaN(value));
  for (const [index, ahead] of horizons.entries()) {
    const actual = known[at + ahead - 1];
    if (Number.isNaN(actual)) continue;
    const { mean: predicted, lower80, upper80 } = model.predictAt((at + ahead) * step * 1000);
    const sum = sums[index];
    sum.error += Math.abs(actual - predicted);
    sum.noChange += Math.abs(actual - last);
    sum.loss += quantileLoss(0.1, actual - lower80) + quantileLoss(0.9, actual - upper80);
  }
}

function quantileLoss(share, difference) {
  return Math.max(share * difference, (share - 1) * difference);
}
