import { parseDuration } from "../../../src/core/horizon.ts";
import { geometricMean, mean } from "../shapes/score.mjs";

/** Scores what an example published: each forecast against the value at its horizon, beside no change. */

const youngSeconds = 300;
/** A value this many scrapes before or after is the value at the horizon. */
const toleranceScrapes = 1.5;

/** Kinds of metrics, by name; the first that matches wins. */
const kinds = [
  { kind: "success rates", pattern: /success_rate|failure_rate/ },
  { kind: "task rates", pattern: /_per_second|_tasks_rate|throughput|request_rate/ },
  { kind: "latency percentiles", pattern: /latency|_p\d\d|duration|response_time|recovery_time/ },
  { kind: "memory", pattern: /memory|heap/ },
  { kind: "cpu", pattern: /cpu/ },
  { kind: "counts", pattern: /tasks|failures|queue|connections|requests/ },
];

const headline = ["success rates", "task rates", "latency percentiles"];

function kindOf(metric) {
  return kinds.find(({ pattern }) => pattern.test(metric))?.kind ?? "others";
}

/**
 * The forecasts of a recording, a row for each series and horizon: `metric`, `labels`, `horizon`, `unit` (its mean step), `error` over no change
 * and `scores`, each {age in seconds, own, naive, inside}.
 */
export function forecastsOf(scrapes) {
  const everySeconds = ((scrapes.at(-1)?.at ?? 0) - (scrapes[0]?.at ?? 0)) / Math.max(1, scrapes.length - 1);
  const measured = new Map();
  const asked = new Map();
  for (const { at, samples } of scrapes) {
    const byId = new Map(samples.map(({ name, labels, value }) => [idOf(name, labels), value]));
    for (const { name, labels, value } of samples) {
      push(measured, idOf(name, labels), { at, value });
      const metric = /^(.*)_predicted$/.exec(name)?.[1];
      if (metric === undefined) continue;
      const { horizon, ...own } = labels;
      const now = byId.get(idOf(metric, own));
      if (now === undefined) continue;
      const bound = (side) => byId.get(idOf(`${metric}_predicted_${side}`, { ...labels, level: "0.8" }));
      const made = { at, now, predicted: value, lower: bound("lower"), upper: bound("upper") };
      push(asked, idOf(metric, labels), { metric, labels: own, horizon, ...made });
    }
  }
  return [...asked.values()].flatMap((made) => rowOf(made, measured, everySeconds * toleranceScrapes));
}

function rowOf(made, measured, toleranceSeconds) {
  const { metric, labels, horizon } = made[0];
  const values = measured.get(idOf(metric, labels));
  const firstAt = values[0].at;
  const scores = made.flatMap(({ at, now, predicted, lower, upper }) => {
    const came = valueNear(values, at + secondsOf(horizon), toleranceSeconds);
    if (came === undefined) return [];
    const inside = came >= lower && came <= upper;
    const errors = { own: Math.abs(came - predicted), naive: Math.abs(came - now) };
    return [{ age: at - firstAt, ...errors, inside, widthless: upper - lower <= 0 }];
  });
  const unit = mean(values.slice(1).map(({ value }, index) => Math.abs(value - values[index].value)));
  if (scores.length === 0 || !(unit > 0)) return [];
  const total = (key) => mean(scores.map((score) => score[key])) / unit + 0.01;
  const error = Math.min(100, Math.max(0.01, total("own") / total("naive")));
  return [{ metric, labels, horizon, scores, unit, error }];
}

/** A table of kinds of metrics and horizons. */
export function tableOf(rows) {
  const groups = new Map();
  for (const row of rows) {
    const kind =
      row.labels.agent === "leaky-service"
        ? `${kindOf(row.metric)} of the leaky service`
        : kindOf(row.metric);
    push(groups, `${kind} | ${row.horizon}`, row);
  }
  const order = [...groups.keys()].sort();
  const rates = rows.filter(({ metric, horizon }) => headline.includes(kindOf(metric)) && horizon !== "15s");
  return [
    "| metrics | horizon | series | error over no change | worst series | 80 % interval holds | first 5 minutes | later | no width |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...order.map((key) => lineOf(key, groups.get(key))),
    ...(rates.length === 0 ? [] : [lineOf("**rates and percentiles** | 1m, 5m", rates)]),
    lineOf("**all** | all", rows),
  ].join("\n");
}

function lineOf(key, rows) {
  const errors = rows.map(({ error }) => error);
  const scores = rows.flatMap((row) => row.scores);
  const held = (list) => (list.length === 0 ? "" : mean(list.map(({ inside }) => Number(inside))).toFixed(2));
  const young = held(scores.filter(({ age }) => age < youngSeconds));
  const later = held(scores.filter(({ age }) => age >= youngSeconds));
  const cells = [
    rows.length,
    geometricMean(errors).toFixed(2),
    Math.max(...errors).toFixed(2),
    held(scores),
    young,
    later,
  ];
  cells.push(scores.filter(({ widthless }) => widthless).length);
  return `| ${key} | ${cells.join(" | ")} |`;
}

/** The value that was published nearest to a time. */
function valueNear(values, at, toleranceSeconds) {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle].at < at) low = middle + 1;
    else high = middle;
  }
  const near = [values[low - 1], values[low]]
    .filter(Boolean)
    .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
  return Math.abs(near.at - at) <= toleranceSeconds ? near.value : undefined;
}

function secondsOf(horizon) {
  return parseDuration(horizon) ?? Number.NaN;
}

function idOf(name, labels) {
  return JSON.stringify([name, Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))]);
}

function push(map, key, value) {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
