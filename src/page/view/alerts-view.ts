import type { ShownAlert } from "./page-data.ts";
import { processOf } from "./series-cells.ts";
import { momentOf, nameOf, sentenceOf, valueText } from "./texts.ts";
import type { ViewContext } from "./view-context.ts";
import { element, type ViewElement } from "./view-node.ts";

const SIGNS: Readonly<Record<string, string>> = { firing: "▲", pending: "◆", resolved: "✓" };

/** The alerts that are not inactive, those that fire first. */
export function alertsView(alerts: readonly ShownAlert[], context: ViewContext): ViewElement {
  return element(
    "section",
    { id: "alerts", "aria-labelledby": "alerts-title" },
    element("h2", { id: "alerts-title" }, "Alerts"),
    alerts.length === 0
      ? element("p", { class: "quiet" }, "No alert is firing or pending.")
      : element(
          "ul",
          { class: "alerts" },
          alerts.map((alert, index) => alertView(alert, index, context)),
        ),
  );
}

function alertView(alert: ShownAlert, index: number, { now, times }: ViewContext): ViewElement {
  const metric = { metric: alert.metricName, unit: alert.unit };
  const { value, direction } = alert.threshold;
  // A link may lead to a script: only web addresses become links.
  const runbook = /^https?:\/\//i.test(alert.runbookUrl ?? "") ? alert.runbookUrl : undefined;
  return element(
    "li",
    { id: `alert-${index}`, class: `alert ${alert.state}` },
    element(
      "p",
      { class: "alert-state" },
      element("span", { "aria-hidden": "true" }, `${SIGNS[alert.state] ?? "•"} `),
      element("strong", {}, alert.state),
      " · ",
      nameOf(alert.name),
      alert.severity !== "" && [" · ", nameOf(alert.severity)],
      alert.process !== undefined && [" · ", processOf(alert)],
      " · since ",
      momentOf(alert.since, now, times),
    ),
    element("p", {}, sentenceOf(alert.summary)),
    element(
      "p",
      { class: "quiet numbers" },
      `${valueText(metric, alert.current)} now, threshold ${direction} ${valueText(metric, value)}`,
      runbook !== undefined && [" · ", element("a", { href: runbook, rel: "noreferrer" }, "Runbook")],
    ),
  );
}
