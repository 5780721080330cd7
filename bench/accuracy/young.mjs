import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { boundsOfUnknown } from "../../src/forecast/natural-bounds.ts";
import { gateFor } from "../../src/weights/gate-for.ts";
import { realSeries } from "./harness/real-series.mjs";
import { geometricMean, mean } from "./shapes/score.mjs";

const help = `node bench/accuracy/young.mjs [options] [FOLDER]

Measures forecasts from little history, of the series in FOLDER/series.jsonl (or $FORECAST_BENCH): error over no change, mean
over the origins of a series, geometric mean over series and lengths, as in bench/accuracy/run.mjs; over all steps, and at
the last step alone.
  --method NAME    the method; may be given more than once (default: auto)
  --points LIST    lengths of the history (default: 12,30,60,120)
  --steps COUNT    steps ahead (default: 30)
  --origins COUNT  origins of each series, equally spaced (default: 3)
  --half NUMBER    only every second series: 0 or 1`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string", multiple: true, default: ["auto"] },
    points: { type: "string", default: "12,30,60,120" },
    steps: { type: "string", default: "30" },
    origins: { type: "string", default: "3" },
    half: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const histories = options.points.split(",").map(Number);
const steps = Number(options.steps);
const offset = 0.01;

if (options.help) console.log(help);
else measure();

function measure() {
  const series = realSeries(positionals[0]).filter(
    (_, index) => options.half === undefined || index % 2 === Number(options.half),
  );
  const asked = histories.map((length) => series.map((one) => questionsOf(one, length)));
  const count = asked.flat(2).length;
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${date}, node ${process.version}, ${cpus()[0].model}: ${count} forecasts of ${series.length} series, ${steps} steps ahead.\n`,
  );
  console.log(
    `| method | error over no change | ${histories.map((length) => `${length} points`).join(" | ")} | at step ${steps} | by history | 80 % interval holds |`,
  );
  console.log(`| --- | --- | ${histories.map(() => "---").join(" | ")} | --- | --- | --- |`);
  for (const method of options.method) console.log(rowOf(method, asked));
}

function rowOf(method, asked) {
  const cells = asked.map((bySeries) =>
    bySeries.filter((questions) => questions.length > 0).map((questions) => scoreOf(questions, method)),
  );
  const error = (scores, key) => geometricMean(scores.map((score) => score[key])).toFixed(3);
  const errors = cells.map((cell) => error(cell, "ratio"));
  const atEnd = cells.map((cell) => error(cell, "ratioAtEnd")).join(" / ");
  const held = cells.map((cell) => mean(cell.map(({ coverage }) => coverage)).toFixed(2));
  return `| ${method} | ${[error(cells.flat(), "ratio"), ...errors, error(cells.flat(), "ratioAtEnd"), atEnd, held.join(" / ")].join(" | ")} |`;
}

/** The histories of one series that have a scale, with what came after. */
function questionsOf({ values, step, season }, length) {
  const last = values.length - steps;
  const origins = Array.from({ length: Number(options.origins) }, (_, index) =>
    Math.round(length + ((last - length) * index) / Math.max(1, Number(options.origins) - 1)),
  );
  return origins
    .map((origin) => ({
      history: values.slice(origin - length, origin).map((value) => value ?? Number.NaN),
      future: values.slice(origin, origin + steps),
      step,
      season: season ?? undefined,
    }))
    .filter(({ history, future }) => isUsable(history) && future.some((value) => value !== null));
}

function isUsable(history) {
  return (
    history.filter((value) => !Number.isNaN(value)).length >= Math.min(12, history.length) &&
    meanStep(history) > 0
  );
}

/** Errors of the origins of one series, over those of no change. */
function scoreOf(questions, method) {
  const scored = questions.map(({ history, future, step, season }) => {
    const past = { values: history, stepSeconds: step, ...(season === undefined ? {} : { season }) };
    const fit = fitModel(past, {
      method,
      gate: gateFor(method),
      horizonSteps: steps,
      bounds: boundsOfUnknown(method, past.values),
    });
    if (fit.state !== "ready") throw new Error(`no model of ${history.length} points: ${fit.state}`);
    const { mean: middle, lower80, upper80 } = fit.model.predict(steps);
    const unit = meanStep(history);
    const latest = history.findLast((value) => !Number.isNaN(value));
    const seen = [...future.keys()].filter((index) => future[index] !== null);
    const own = seen.map((index) => Math.abs(future[index] - middle[index]) / unit);
    const naive = seen.map((index) => Math.abs(future[index] - latest) / unit);
    return {
      ...{ own: mean(own), naive: mean(naive), ownAtEnd: own.at(-1), naiveAtEnd: naive.at(-1) },
      coverage: mean(
        seen.map((index) => (future[index] >= lower80[index] && future[index] <= upper80[index] ? 1 : 0)),
      ),
    };
  });
  const ratio = (own, naive) => {
    const [error, reference] = [own, naive].map((key) => mean(scored.map((score) => score[key])));
    return Math.min(100, Math.max(0.01, (error + offset) / (reference + offset)));
  };
  return {
    ratio: ratio("own", "naive"),
    ratioAtEnd: ratio("ownAtEnd", "naiveAtEnd"),
    coverage: mean(scored.map((score) => score.coverage)),
  };
}

function meanStep(values) {
  const moves = values
    .map((value, index) => Math.abs(value - values[index - 1]))
    .filter((move) => !Number.isNaN(move));
  return moves.length === 0 ? 0 : mean(moves);
}
