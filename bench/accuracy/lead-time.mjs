import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { kindOf, quietSeries } from "./lead-time/quiet.mjs";
import { kept, overspent, troubles } from "./lead-time/troubles.mjs";
import { limit, watch } from "./lead-time/watch.mjs";
import { Draw } from "./shapes/draw.mjs";

const help = `npm run bench:lead-time -- [options]

How long before a limit is passed an alert on the forecast fires, and how often alerts fire on series that never pass
theirs. The series go through the whole pipeline, with the alerts as they are by default, on a simulated clock.
  --runs COUNT     series of each trouble (default: 20)
  --quiet COUNT    quiet series (default: 100)
  --days COUNT     how long the quiet series are watched, at one value a minute (default: 7)
  --seed NUMBER    another seed (default: 1)
  --method NAME    the forecasting method (default: auto)
  --bound NAME     the bound of the forecast that must pass the limit, as in the alert rule (default: its default)
  --only PART      troubles, budgets or quiet`;

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    quiet: { type: "string", default: "100" },
    days: { type: "string", default: "7" },
    seed: { type: "string", default: "1" },
    method: { type: "string", default: "auto" },
    bound: { type: "string" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const hourSeconds = 3600;
const bound = options.bound === undefined ? {} : { bound: options.bound };
const { method } = options;
const aheadRules = [
  { name: "in_5m", horizon: "5m", ...bound },
  { name: "in_1h", horizon: "1h", ...bound },
];

if (options.help) console.log(help);
else await measure();

async function measure() {
  console.log(`${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0].model}.\n`);
  const isAsked = (part) => options.only === undefined || options.only === part;
  if (isAsked("troubles") || isAsked("budgets")) {
    console.log(
      "| trouble | alert | runs | warned before | lead time: median | shortest | longest | missed | ended too early |",
    );
    console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    if (isAsked("troubles")) await measureTroubles();
    if (isAsked("budgets")) await measureBudgets();
  }
  if (isAsked("quiet")) await measureQuiet();
}

function drawsOf(count, offset) {
  return Array.from(
    { length: count },
    (_, index) => new Draw(Number(options.seed) * 7_000_003 + offset + 104_729 * index),
  );
}

async function measureTroubles() {
  const intervalSeconds = 10;
  const runs = Number(options.runs);
  const names = Object.keys(troubles);
  const series = names.flatMap((name, order) =>
    drawsOf(runs, 1000 * order).map((draw) => troubles[name](draw, intervalSeconds)),
  );
  const ticks = (3 * hourSeconds) / intervalSeconds;
  const watched = await watch({ series, ticks, intervalSeconds, method, alerts: aheadRules });
  for (const [order, name] of names.entries()) {
    const own = watched.slice(order * runs, (order + 1) * runs);
    for (const rule of aheadRules) console.log(troubleRow(name, rule, own, intervalSeconds));
  }
}

async function measureBudgets() {
  const intervalSeconds = 60;
  const runs = Number(options.runs);
  const series = [overspent, kept].flatMap((make, order) =>
    drawsOf(runs, 9000 + 1000 * order).map((draw) => make(draw, intervalSeconds)),
  );
  const ticks = (17.9 * hourSeconds) / intervalSeconds;
  const rule = { name: "today", horizon: "by midnight" };
  const watched = await watch({
    ...{ series, ticks: Math.floor(ticks), intervalSeconds, startHour: 6 },
    ...{ alerts: [{ name: rule.name, ...bound }], method, isDailyTotal: true },
  });
  console.log(troubleRow("daily budget, used in bursts", rule, watched.slice(0, runs), intervalSeconds));
  const alarms = watched.slice(runs).filter((one) => one.alarms.length > 0).length;
  console.log(`\nDaily budgets that are kept: ${alarms} of ${runs} had a false alarm.`);
}

function troubleRow(name, rule, watched, intervalSeconds) {
  const passing = watched
    .map(({ values, alarms }) => ({
      passedAt: values.findIndex((value) => value > limit),
      alarms: alarms.filter(({ alert }) => alert === rule.name),
    }))
    .filter(({ passedAt }) => passedAt >= 0);
  const leads = passing.flatMap(({ passedAt, alarms }) => {
    const warning = alarms.find(({ from, to }) => from < passedAt && (to === undefined || to >= passedAt));
    return warning === undefined ? [] : [((passedAt - warning.from) * intervalSeconds) / 60];
  });
  const falseAlarms = passing.flatMap(({ passedAt, alarms }) =>
    alarms.filter(({ to }) => to < passedAt),
  ).length;
  const sorted = leads.toSorted((a, b) => a - b);
  const minutes = (value) => (value === undefined ? "" : `${value.toFixed(1)} min`);
  const cells = [name, rule.horizon, passing.length, sorted.length];
  cells.push(minutes(sorted[sorted.length >> 1]), minutes(sorted[0]), minutes(sorted.at(-1)));
  return `| ${[...cells, passing.length - sorted.length, falseAlarms].join(" | ")} |`;
}

async function measureQuiet() {
  const intervalSeconds = 60;
  const day = (24 * hourSeconds) / intervalSeconds;
  const days = Number(options.days);
  const count = Number(options.quiet);
  const ticks = Math.round(days * day);
  const series = drawsOf(count, 50_000).map((draw, number) => quietSeries(draw, number, { ticks, day }));
  const watched = await watch({
    ...{ series, ticks, intervalSeconds, method, alerts: aheadRules },
    forecastIntervalMillis: hourSeconds * 1000,
  });
  const perWeek = (alarms) => ((alarms.length * 7 * 100) / (days * count)).toFixed(1);
  console.log(`\nFalse alarms of ${count} quiet series in ${days} days, for 100 series and a week:\n`);
  console.log("| series | 5m | 1h |");
  console.log("| --- | --- | --- |");
  const rowOf = (name, own) => {
    const alarms = own.flatMap((one) => one.alarms);
    const scale = count / own.length;
    const of = (rule) =>
      (Number(perWeek(alarms.filter(({ alert }) => alert === rule.name))) * scale).toFixed(1);
    return `| ${name} | ${aheadRules.map(of).join(" | ")} |`;
  };
  const names = [...new Set(watched.map((_, number) => kindOf(number)))];
  for (const name of names)
    console.log(
      rowOf(
        name,
        watched.filter((_, number) => kindOf(number) === name),
      ),
    );
  console.log(rowOf("**all**", watched));
}
