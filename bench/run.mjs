import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { agents } from "./sections/agents.mjs";
import { collection } from "./sections/collection.mjs";
import { eventLoop } from "./sections/event-loop.mjs";
import { firstForecast } from "./sections/first-forecast.mjs";
import { fitting } from "./sections/fitting.mjs";
import { growth } from "./sections/growth.mjs";
import { host } from "./sections/host.mjs";
import { manyAgents } from "./sections/many-agents.mjs";
import { manyNames } from "./sections/many-names.mjs";
import { memory } from "./sections/memory.mjs";
import { recording } from "./sections/recording.mjs";
import { scrape } from "./sections/scrape.mjs";
import { startUp } from "./sections/start-up.mjs";

const sections = {
  growth,
  "first-forecast": firstForecast,
  "many-agents": manyAgents,
  "many-names": manyNames,
  recording,
  collection,
  scrape,
  memory,
  "start-up": startUp,
  host,
  "event-loop": eventLoop,
  fitting,
  agents,
};
const names = Object.keys(sections).join(", ");
const help = `npm run bench -- [--quick] [--large] [--series N,N,...] [--svg FILE] [--only NAME]...

Measures side by side, in rounds that take turns, and prints medians and the ratios to the line marked 1.00.
  --only NAME  one of ${names}; may be given more than once
  --quick      fewer rounds and smaller sizes
  --large      of growth: 100,000 series too, which needs several GB of memory
  --series N,N of growth and event-loop: other numbers of series
  --framework NAME of agents: only this framework, such as mcp; may be given more than once
  --svg FILE   of growth: writes a plot`;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    large: { type: "boolean", default: false },
    series: { type: "string" },
    framework: { type: "string", multiple: true },
    svg: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const wanted = values.only ?? Object.keys(sections);
const series = values.series?.split(",").map(Number);
const unknown = wanted.filter((name) => sections[name] === undefined);

if (values.help) {
  console.log(help);
} else if (unknown.length > 0) {
  console.error(`--only must be one of ${names}, got ${unknown.join(", ")}\n\n${help}`);
  process.exitCode = 2;
} else if (series?.every((it) => Number.isInteger(it) && it > 0) === false) {
  console.error(`--series must be whole numbers above 0, such as 500,2000; got ${values.series}\n\n${help}`);
  process.exitCode = 2;
} else {
  const processor = cpus();
  const date = new Date().toISOString().slice(0, 10);
  console.log(`otel-forecast, ${date}, node ${process.version}, ${processor.length} x ${processor[0].model}`);
  const { quick: isQuick, large: isLarge, svg, framework: frameworks } = values;
  for (const name of wanted) await sections[name]({ isQuick, isLarge, series, svg, frameworks });
}
