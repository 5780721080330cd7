import * as v from "valibot";
import type { ActionFunction } from "../../alerts/entries.ts";
import { mapping, mappingOf } from "../../core/mapping.ts";
import { filter, number, oneOf, text, texts } from "../schema.ts";

/** Sunday is day 0, as for `Date`. */
export const DAYS: readonly string[] = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
];

const name = v.pipe(
  v.string(),
  v.regex(/^[a-zA-Z]\w{0,127}$/, "must consist of letters, digits and underscores, and begin with a letter"),
);
const duration = v.pipe(
  v.string(),
  v.regex(/^(0|\d{1,6})(s|m|h|d|w)$/, "must be a duration such as 0s, 30s, 5m or 1h"),
);
const timeLimit = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,5}(s|m|h)$/, "must be a duration of at least 1s such as 10s or 1m"),
);
const metric = v.pipe(
  v.string(),
  v.regex(/^[a-zA-Z_:*?][\w:*?]*$/, "must be a Prometheus name, in which * stands for anything"),
);
const day = v.pipe(
  v.string(),
  v.check((it) => DAYS.includes(it), `must be one of ${DAYS.join(", ")}`),
);
const recovery = v.optional(number);

const alert = mappingOf({
  name,
  metric,
  agents: v.optional(texts),
  where: v.optional(filter),
  threshold: v.union(
    [mappingOf({ above: number, recovery }), mappingOf({ below: number, recovery })],
    "must be {above: NUMBER, recovery: NUMBER} or {below: NUMBER, recovery: NUMBER}",
  ),
  on: v.optional(oneOf(["forecast", "level", "both"])),
  bound: v.optional(oneOf(["lower", "predicted", "upper"])),
  horizon: v.optional(text),
  onItsWay: v.optional(
    v.union(
      [mappingOf({ beyond: number }), mappingOf({ share: v.pipe(number, v.minValue(0), v.maxValue(1)) })],
      "must be {beyond: NUMBER} or {share: NUMBER from 0 to 1}",
    ),
  ),
  onGrowth: v.optional(v.boolean()),
  for: v.optional(duration),
  keepFiringFor: v.optional(duration),
  cooldown: v.optional(duration),
  maxErrorRatio: v.optional(v.pipe(number, v.gtValue(0, "must be above 0"))),
  whenErrorUnknown: v.optional(oneOf(["backtest", "trust", "wait"])),
  severity: v.optional(text),
  summary: v.optional(text),
  description: v.optional(text),
  runbookUrl: v.optional(text),
  actions: v.optional(v.array(text)),
});

const action = mappingOf({
  run: v.optional(
    v.custom<ActionFunction>(
      (it) => typeof it === "function",
      "must be a function, which only code can give",
    ),
  ),
  function: v.optional(text),
  webhook: v.optional(text),
  alertmanager: v.optional(text),
  effect: v.optional(oneOf(["add", "protect", "reduce", "delete"])),
  mode: v.optional(oneOf(["observe", "act"])),
  timeout: v.optional(timeLimit),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
  key: v.optional(text),
  secret: v.optional(
    v.union([mappingOf({ env: text }), mappingOf({ file: text })], "must be {env: NAME} or {file: PATH}"),
  ),
  onPassed: v.optional(v.boolean()),
  onResolved: v.optional(v.boolean()),
});

const maintenance = mappingOf({
  from: text,
  to: text,
  days: v.optional(v.pipe(v.array(day), v.minLength(1, "must have at least one entry"))),
  agents: v.optional(texts),
  metrics: v.optional(texts),
});

/**
 * Schemas of `AlertingEntries`: the keys for alerts, actions and maintenance, which the
 * configuration file and the options share. A test compares them with the type.
 */
export const alertingSchemas = {
  alerts: v.optional(v.array(alert)),
  actions: v.optional(
    mapping(v.pipe(v.string(), v.regex(/^[a-zA-Z][\w-]{0,127}$/, "must be a name")), action),
  ),
  actionsPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))),
  maintenance: v.optional(v.array(maintenance)),
};
