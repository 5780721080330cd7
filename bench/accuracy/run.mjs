import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { figuresOf } from "./aggregate.mjs";
import { peers } from "./peers.mjs";
import { scoreWithEvaluator } from "./real-data.mjs";
import { recordOf, requestsFor } from "./rolling-origin.mjs";
import { syntheticSeries } from "./synthetic.mjs";
import { shown, sourceTable, table } from "./table.mjs";

const help = `npm run build && npm exec -- node bench/accuracy/run.mjs [options] [FOLDER]

Measures the rolling-origin accuracy of \`otel-forecast forecast\`, relative to its naive method. Without FOLDER and
without $FORECAST_BENCH it measures seeded synthetic series.
  FOLDER          a folder with series of your own, or $FORECAST_BENCH; see below
  --method NAME   a method to measure; may be given more than once (default: auto)
  --sample SHARE  measure only this share of the requests (default: 1)
  --synthetic     measure the synthetic series although $FORECAST_BENCH is set

FOLDER must hold two files:
  series.jsonl    one series a line: {"id", "source", "kind", "step" (seconds), "season" (steps or null), "values"
                  (numbers, null for a gap)}
  evaluate.py     the evaluator (Python 3 with numpy): \`evaluate.py run --data series.jsonl --name NAME --cmd COMMAND
                  --sample SHARE --out RESULTS [--no-season]\` asks COMMAND for forecasts, JSON lines on both sides, and
                  writes their scores to RESULTS/FOLDER.NAME.jsonl`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string", multiple: true, default: ["auto"] },
    sample: { type: "string", default: "1" },
    synthetic: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const root = resolve(import.meta.dirname, "../..");
const cli = resolve(root, "dist/cli.cjs");

if (values.help) console.log(help);
else if (!existsSync(cli)) fail(`${cli} is missing: run \`npm run build\` first`);
else if (!(Number(values.sample) > 0)) fail(`--sample must be a number above 0, got ${values.sample}`);
else measure();

function fail(message) {
  console.error(message);
  process.exitCode = 2;
}

function measure() {
  const folder = values.synthetic ? undefined : dataFolder();
  const score =
    folder === undefined ? scoreSynthetic : (method, withSeason) => scoreReal(folder, method, withSeason);
  const naive = score("naive", true);
  const measured = (name, records) => ({ name, records, figures: figuresOf(records, naive) });
  const methods = values.method.map((name) => measured(`otel-forecast ${name}`, score(name, true)));
  if (values.method.includes("auto")) {
    methods.push(measured("otel-forecast auto, no season given", score("auto", false)));
  }

  const date = new Date().toISOString().slice(0, 10);
  const series = new Set(naive.map((record) => record.series)).size;
  const data = folder === undefined ? "synthetic series" : "real operational series";
  console.log(
    `${date}, node ${process.version}, ${cpus()[0].model}: ${naive.length} forecasts of ${series} ${data}.\n`,
  );
  const ours = methods.map(({ name, figures }) => shown(name, figures));
  console.log(`${table([...(folder === undefined ? [] : peers), ...ours])}\n`);
  console.log(`${sourceTable(methods)}\n`);
  for (const { name, figures } of methods) {
    const [long, short] = figures.milliseconds.map((value) => value.toFixed(1));
    console.log(
      `${name}: ${figures.failures} failures; median ${short} ms for 240 points, ${long} ms for 1,000.`,
    );
  }
}

function dataFolder() {
  const named = positionals[0] ?? process.env.FORECAST_BENCH;
  if (named === undefined) {
    console.error("neither FOLDER nor $FORECAST_BENCH is given: measuring synthetic series");
    return undefined;
  }
  const folder = resolve(named);
  const missing = ["series.jsonl", "evaluate.py"].filter((name) => !existsSync(resolve(folder, name)));
  if (missing.length > 0) throw new Error(`${folder} has no ${missing.join(" and no ")}`);
  return folder;
}

function scoreReal(folder, method, withSeason) {
  const command = `'${process.execPath}' '${cli}' forecast --method ${method}`;
  return scoreWithEvaluator(folder, method, command, { sample: values.sample, withSeason });
}

function scoreSynthetic(method, withSeason) {
  const asked = requestsFor(syntheticSeries()).filter(
    (_, index) => index % Math.round(1 / Number(values.sample)) === 0,
  );
  const lines = asked.map(({ request: { season, ...request } }) =>
    JSON.stringify(withSeason ? { ...request, season } : request),
  );
  const { stdout, status } = spawnSync(process.execPath, [cli, "forecast", "--method", method], {
    input: `${lines.join("\n")}\n`,
    maxBuffer: 2 ** 30,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`forecast --method ${method} ended with status ${status}`);
  const answers = stdout.toString().trim().split("\n");
  return asked.map((one, index) => recordOf(one, JSON.parse(answers[index])));
}
