import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { meanRate, predictLinear, questionsFor, usesOf } from "./daily-totals.mjs";

const help = `npm run bench:totals -- [FOLDER]

Measures how far off forecasts of running totals are, an hour and half a day ahead, relative to the assumption that
nothing more is used. It always measures synthetic agents. With FOLDER (or $FORECAST_BENCH) it also measures the series of
FOLDER/series.jsonl whose kind can be added up: bytes, rate, count and request_rate. One series a line:
  {"id", "source", "kind", "step" (seconds), "values" (numbers, null for a gap)}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean", default: false } },
});
const root = resolve(import.meta.dirname, "../..");
const cli = resolve(root, "dist/cli.cjs");
const histories = [1000, 240, 60];
const negligible = 0.01;

if (values.help) console.log(help);
else measure();

function measure() {
  const uses = usesOf(dataFolder());
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}: totals of ${uses.length} series.\n`);
  const rows = [];
  for (const history of histories) {
    const questions = questionsFor(uses, history).filter(({ came }) => came > 0);
    const ours = answersOf(questions, { total: true });
    const levels = answersOf(questions, {});
    const methods = {
      "Prometheus predict_linear (an hour)": questions.map(predictLinear),
      "mean rate of the whole history": questions.map(meanRate),
      "otel-forecast auto, not told that it is a total": levels.map(({ mean }) => mean),
      "**otel-forecast auto of a total**": ours.map(({ mean }) => mean),
    };
    for (const [name, used] of Object.entries(methods)) {
      const row = rows.find((one) => one.name === name) ?? { name, cells: [], coverage: [] };
      if (!rows.includes(row)) rows.push(row);
      for (const ahead of [3600, 43_200]) {
        row.cells.push(errorOf(questions, used, ahead));
        if (name.includes("of a total")) row.coverage.push(coverageOf(questions, ours, ahead));
        else if (name.includes("not told")) row.coverage.push(coverageOf(questions, levels, ahead));
      }
    }
  }
  console.log(tableOf(rows));
}

function dataFolder() {
  const named = positionals[0] ?? process.env.FORECAST_BENCH;
  if (named === undefined) return undefined;
  const folder = resolve(named);
  if (!existsSync(resolve(folder, "series.jsonl"))) throw new Error(`${folder} has no series.jsonl`);
  return folder;
}

/** What is used within the horizon, with the bounds of the 80 % interval, as the command line forecasts it. */
function answersOf(questions, more) {
  const lines = questions.map(({ total, step, steps, season }, id) =>
    JSON.stringify({
      id,
      step_seconds: step,
      values: total,
      horizon: steps,
      ...seasonOf(total, season),
      ...more,
    }),
  );
  const { stdout, status } = spawnSync(process.execPath, [cli, "forecast"], {
    input: `${lines.join("\n")}\n`,
    maxBuffer: 2 ** 30,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`forecast ended with status ${status}`);
  const answers = stdout.toString().trim().split("\n");
  return answers.map((line, index) => {
    const { mean, lo80, hi80, error } = JSON.parse(line);
    if (error !== undefined) throw new Error(error);
    const last = questions[index].total.at(-1);
    return { mean: mean.at(-1) - last, lower: lo80.at(-1) - last, upper: hi80.at(-1) - last };
  });
}

function seasonOf(total, season) {
  return Number.isInteger(season) && total.length >= 2 * season ? { season } : {};
}

/** Per series the sum of errors over that of what was used, then the geometric mean over series. */
function errorOf(questions, used, ahead) {
  const sums = new Map();
  for (const [index, question] of questions.entries()) {
    if (question.ahead !== ahead) continue;
    const sum = sums.get(question.id) ?? { error: 0, came: 0 };
    sum.error += Math.abs(used[index] - question.came);
    sum.came += question.came;
    sums.set(question.id, sum);
  }
  const logs = [...sums.values()].map(({ error, came }) =>
    Math.log((error / came + negligible) / (1 + negligible)),
  );
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}

function coverageOf(questions, answers, ahead) {
  const held = questions.flatMap(({ ahead: own, came }, index) =>
    own === ahead ? [Number(came >= answers[index].lower && came <= answers[index].upper)] : [],
  );
  return held.reduce((sum, one) => sum + one, 0) / held.length;
}

function tableOf(rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const decimals = (value, digits) => value.toFixed(digits).replace(/^0\./, ".");
  const pairs = (cells, digits) =>
    histories.map((_, index) =>
      cells
        .slice(2 * index, 2 * index + 2)
        .map((cell) => decimals(cell, digits))
        .join(" / "),
    );
  return [
    line([
      "method",
      ...histories.map((history) => `history ${history}: hour / half day`),
      "80 % interval holds",
    ]),
    line(["---", ...histories.map(() => "---"), "---"]),
    ...rows.map(({ name, cells, coverage }) =>
      line([name, ...pairs(cells, 3), coverage.length === 0 ? "" : pairs(coverage, 2).join(", ")]),
    ),
  ].join("\n");
}
