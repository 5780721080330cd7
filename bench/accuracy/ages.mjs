import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { published, SimulatedEngine } from "./harness/engine.mjs";
import { read } from "./running/recording.mjs";
import { forecastsOf } from "./running/score.mjs";
import { Draw } from "./shapes/draw.mjs";
import { levelShapes } from "./shapes/levels.mjs";
import { noiseShapes } from "./shapes/noises.mjs";
import { queueShapes } from "./shapes/queues.mjs";
import { geometricMean, mean } from "./shapes/score.mjs";
import { windowShapes } from "./shapes/windows.mjs";

const help = `npm run bench:ages -- [options]

How many values the 80 % intervals hold, and the error over no change, by the age of the series when the forecast was made.
The series are a fixed mixture of what processes show in their first two hours, sampled every 10 seconds. They go through
the engine, on a simulated clock.
  --runs COUNT   series of each kind (default: 5)
  --from FILE    a recording of bench/accuracy/running-example.mjs instead; may be given more than once
  --method NAME  the method (default: auto)
  --seed NUMBER  another seed (default: 1)
  --kinds        also a table by kind of series`;

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    from: { type: "string", multiple: true },
    method: { type: "string", default: "auto" },
    seed: { type: "string", default: "1" },
    kinds: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const mixture = [
  "random walk",
  "autoregression",
  "noise",
  "spikes",
  "ratio at 1 with dips",
  "warm-up that saturates",
  "leak with noise",
  "heap, garbage collections on a slow leak",
  "counts of 0 and 1",
  "idle, then active",
  "windowed rate, steady",
  "windowed rate, load changed",
  "windowed success ratio, failures drift",
  "windowed 95th percentile",
];
const ages = [
  { name: "first 5 minutes", from: 0, to: 5 },
  { name: "5 to 15 minutes", from: 5, to: 15 },
  { name: "15 to 60 minutes", from: 15, to: 60 },
];
const stepSeconds = 10;
const minuteSteps = 60 / stepSeconds;
const startMillis = Date.UTC(2026, 0, 5, 9);

if (options.help) console.log(help);
else await measure();

async function measure() {
  const rows =
    options.from === undefined
      ? await generatedRows()
      : options.from.flatMap((file) => forecastsOf(read(file)));
  const date = new Date().toISOString().slice(0, 10);
  const series = new Set(rows.map(({ metric, labels }) => JSON.stringify([metric, labels]))).size;
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}: ${series} series.\n`);
  console.log(tableOf(rows));
  if (!options.kinds) return;
  for (const kind of new Set(rows.map(({ metric }) => metric)))
    console.log(`\n${kind}\n\n${tableOf(rows.filter(({ metric }) => metric === kind))}`);
}

function tableOf(rows) {
  const horizons = [...new Set(rows.map(({ horizon }) => horizon))];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const heads = horizons.flatMap((horizon) => [`${horizon}: 80 % interval holds`, "error over no change"]);
  return [
    line(["age of the series", ...heads]),
    line(["---", ...heads.map(() => "---")]),
    ...ages.map(({ name, from, to }) =>
      line([
        name,
        ...horizons.flatMap((horizon) =>
          figuresOf(
            rows
              .filter((row) => row.horizon === horizon)
              .map(({ scores, unit }) => ({
                unit,
                scores: scores.filter(({ age }) => age >= from * 60 && age < to * 60),
              }))
              .filter(({ scores }) => scores.length > 0),
          ),
        ),
      ]),
    ),
  ].join("\n");
}

/** Coverage is the mean over series; the error is the geometric mean over series. */
function figuresOf(rows) {
  if (rows.length === 0) return ["", ""];
  const error = ({ scores, unit }) => {
    const total = (key) => mean(scores.map((score) => score[key])) / unit + 0.01;
    return Math.min(100, Math.max(0.01, total("own") / total("naive")));
  };
  const held = ({ scores }) => mean(scores.map(({ inside }) => Number(inside)));
  return [mean(rows.map(held)).toFixed(2), geometricMean(rows.map(error)).toFixed(2)];
}

/** The scrapes of a process that has all series of the mixture, scored as those of a real one. */
async function generatedRows() {
  const horizons = ["1m", "5m", "1h"];
  const engine = new SimulatedEngine({
    ...{ collectionIntervalMillis: stepSeconds * 1000, horizons, method: options.method, startMillis },
  });
  const series = seriesOfMixture();
  const scrapes = [];
  for (let step = 0; step < 120 * minuteSteps; step++) {
    const now = startMillis + step * stepSeconds * 1000;
    const values = series.map(({ metric, labels, bounds, values: all }) => ({
      metric,
      labels,
      bounds,
      value: all[step],
    }));
    const made = await engine.take(values, now);
    scrapes.push({ at: step * stepSeconds, samples: [...values.map(measured), ...made.flatMap(published)] });
  }
  return forecastsOf(scrapes);
}

function measured({ metric, labels, value }) {
  return { name: metric, labels, value };
}

function seriesOfMixture() {
  const shapes = [
    ...levelShapes({ fellPoints: [], shiftedPoints: [] }),
    ...queueShapes,
    ...windowShapes,
    ...noiseShapes,
  ];
  const grid = { length: 15 * minuteSteps, ahead: 105 * minuteSteps };
  return mixture.flatMap((name, order) => {
    const shape = shapes.find((one) => one.name === name);
    return Array.from({ length: Number(options.runs) }, (_, run) => {
      const draw = new Draw(Number(options.seed) * 3_000_017 + 7919 * order + 104_729 * run);
      const { lower, upper } = shape;
      const { values } = shape.make(draw, { ...grid, lower, upper });
      const bounds = { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
      return { metric: name, labels: { run: String(run) }, bounds, values };
    });
  });
}
