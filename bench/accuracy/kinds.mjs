import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { seededRandom } from "../harness/statistics.mjs";
import { errorsOf, HORIZONS, knownKinds, knownSeries, POINTS } from "./known-kinds.ts";

const help = `node bench/accuracy/kinds.mjs [options]

Measures the forecasts of series of known kinds, of ${POINTS} points: mean absolute error over that of no change, over all steps
up to a horizon; and the CPU time of a fit with its forecast.
  --method NAME    the method; may be given more than once (default: auto)
  --series COUNT   series of each kind (default: 120)`;

const { values: options } = parseArgs({
  options: {
    method: { type: "string", multiple: true, default: ["auto"] },
    series: { type: "string", default: "120" },
    help: { type: "boolean", default: false },
  },
});
const count = Number(options.series);

if (options.help) console.log(help);
else measure();

function measure() {
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}: ${count} series of each kind.\n`);
  const columns = options.method.flatMap((method) => HORIZONS.map((steps) => `${method}, ${steps} steps`));
  console.log(`| series | ${columns.join(" | ")} |`);
  console.log(`| --- | ${columns.map(() => "---").join(" | ")} |`);
  const millis = options.method.map(() => 0);
  for (const [name, kind] of Object.entries(knownKinds)) {
    const series = Array.from({ length: count }, (_, seed) => knownSeries(kind, seededRandom(seed + 1)));
    const cells = options.method.flatMap((method, index) => {
      const before = process.threadCpuUsage();
      const errors = errorsOf(series, method);
      const { user, system } = process.threadCpuUsage(before);
      millis[index] += (user + system) / 1000;
      return errors;
    });
    console.log(`| ${name} | ${cells.map((error) => error.toFixed(3)).join(" | ")} |`);
  }
  const fits = count * Object.keys(knownKinds).length;
  const costs = options.method.map((method, index) => `${method} ${(millis[index] / fits).toFixed(1)} ms`);
  console.log(`\nMean CPU time of a fit and a forecast: ${costs.join(", ")}.`);
}
