import type { AlertRule } from "../alerts/entries.ts";
import { covers } from "../views/pattern.ts";
import { type Finding, Findings } from "./alerting/findings.ts";
import type { Configuration } from "./configuration.ts";

/** Keys of an alert that are about its forecast. */
const OF_FORECASTS = ["bound", "onItsWay", "maxErrorRatio", "whenErrorUnknown"] as const;

/** At most this many patterns are compared with each model. Thousands of both would take minutes. */
const MOST_PATTERNS = 1000;

/** Keys and entries that are right, and that change nothing. */
export function remarksOnUnused({ views, alerting, prices }: Configuration): Finding[] {
  const findings = new Findings();
  for (const [index, { outputs }] of views.entries())
    for (const { number, of } of outputs) {
      const remarks = findings.at("views", index);
      if (number === "ratio" && of === undefined)
        remarks.at("number").add("is always 1: a ratio needs of, the points that count");
      if (number === "level" && of !== undefined)
        remarks.at("of").add("has no effect on a level: where selects points");
    }
  const alerts = alerting.alerts ?? [];
  for (const [index, alert] of alerts.entries())
    for (const key of unusedKeys(alert))
      findings.at("alerts", index, key).add(`has no effect with "on: ${alert.on}"`);
  const used = new Set(alerts.flatMap(({ actions = [] }) => actions));
  for (const name of Object.keys(alerting.actions ?? {}))
    if (!used.has(name)) findings.at("actions", name).add("no alert names it, so it never runs");
  remarkOnPrices(prices, findings);
  return [...findings.all];
}

/** The first price whose pattern matches a model applies. */
function remarkOnPrices(prices: Configuration["prices"], findings: Findings): void {
  const models = new Set<string>();
  const patterns: string[] = [];
  for (const [index, { model }] of prices.entries()) {
    const before = models.has(model) ? model : patterns.find((pattern) => covers(pattern, model));
    if (before !== undefined)
      findings
        .at("prices", index, "model")
        .add(`never applies: "${before}" before it matches the same models`);
    else if (!/[*?]|^!/.test(model)) models.add(model);
    else if (patterns.length < MOST_PATTERNS) patterns.push(model);
  }
}

function unusedKeys(alert: AlertRule): string[] {
  if (alert.on === undefined || alert.on === "forecast") return [];
  const unused = alert.on === "level" ? [...OF_FORECASTS] : [];
  const growth = alert.onGrowth === true ? ["onGrowth"] : [];
  return [...unused.filter((key) => alert[key] !== undefined), ...growth];
}
