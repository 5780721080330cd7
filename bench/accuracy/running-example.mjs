import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { read, record } from "./running/recording.mjs";
import { replayed } from "./running/replay.mjs";
import { forecastsOf, tableOf } from "./running/score.mjs";

const help = `npm run bench:running -- [options]

Runs an example of the project as it is and scores its forecasts, from what it publishes alone: error over no change, and how
many values the 80 % intervals held, for forecasts of the first 5 minutes of each series and later ones.
  --example FILE   the example, below examples/ (default: self-healing/start.mjs)
  --zero-code      let Node import otel-forecast, for an example that does not
  --every SECONDS  how often it is scraped; give its collection interval (default: 1)
  --minutes COUNT  how long it runs (default: 15)
  --record FILE    also keep the recording
  --from FILE      score a recording instead of a run
  --replay         with --from: let the forecasts be made anew, from the values that were recorded
  --horizons LIST  with --replay: other horizons
  --method NAME    with --replay: another method
  --series         also a row for each series`;

const { values: options } = parseArgs({
  options: {
    example: { type: "string", default: "self-healing/start.mjs" },
    "zero-code": { type: "boolean", default: false },
    every: { type: "string", default: "1" },
    minutes: { type: "string", default: "15" },
    record: { type: "string" },
    from: { type: "string", multiple: true },
    replay: { type: "boolean", default: false },
    horizons: { type: "string" },
    method: { type: "string", default: "auto" },
    series: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(help);
else await measure();

async function measure() {
  const recordings =
    options.from === undefined ? [await newRecording()] : options.from.map((file) => read(file));
  const { horizons, method } = options;
  const rows = [];
  for (const recording of recordings) {
    const scrapes = options.replay
      ? await replayed(recording, { horizons: horizons?.split(","), method })
      : recording;
    rows.push(...forecastsOf(scrapes));
  }
  const minutes = recordings.reduce((sum, recording) => sum + (recording.at(-1)?.at ?? 0), 0) / 60;
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}: ${minutes.toFixed(1)} minutes.\n`);
  console.log(rows.length === 0 ? "No forecast has come due: run it for longer." : tableOf(rows));
  if (options.series) console.log(`\n${rows.map(seriesLine).join("\n")}`);
}

function seriesLine({ metric, labels, horizon, error, scores }) {
  const held = scores.filter(({ inside }) => inside).length / scores.length;
  return `${metric}${JSON.stringify(labels)} ${horizon}: error ${error.toFixed(2)}, held ${held.toFixed(2)} of ${scores.length}`;
}

async function newRecording() {
  const folder = mkdtempSync(join(tmpdir(), "running-example-"));
  try {
    const file = resolve(options.record ?? join(folder, "recording.jsonl"));
    const { example, "zero-code": zeroCode } = options;
    const [minutes, everySeconds] = [options.minutes, options.every].map(Number);
    await record({ example, minutes, everySeconds, zeroCode, file });
    return read(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
