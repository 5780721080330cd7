import {
  type DescribedGateway,
  oldForecastSeconds,
  streamLimitOf,
  tenantLabelOf,
} from "../described-gateway.ts";
import { FORECASTER, GATEWAY } from "../metric-names.ts";
import { ALERT_PREFIX } from "../rules/rule-context.ts";
import { type DashboardContext, horizonVariable, OF_JOB, RATE, timeRange } from "./dashboard-context.ts";
import type { DashboardSpec, PanelSpec, VariableSpec } from "./dashboard-spec.ts";
import { ANY, figure } from "./figure-panel.ts";
import { forecastPanel } from "./forecast-panel.ts";
import { kafkaPanels } from "./kafka-panels.ts";
import { freshValues, lines } from "./line-panel.ts";
import { crossings } from "./table-panels.ts";

const EVERY_SENDER: readonly string[] = [];

/** What a gateway receives and leaves out, whether it keeps up, and the forecasts of its thresholds. */
export function gatewayDashboard(context: DashboardContext, gateway: DescribedGateway): DashboardSpec {
  const limited = context.metrics.filter(({ threshold }) => threshold !== undefined);
  return {
    uid: "otel-forecast-gateway",
    file: "gateway.json",
    title: "otel-forecast / Gateway",
    description: "What a gateway receives and leaves out, whether it keeps up, and its thresholds.",
    ...timeRange(context),
    variables: [gatewayVariable(), horizonVariable(context, EVERY_SENDER)],
    rows: [
      { title: "Now", panels: figures(gateway) },
      { title: "Points", panels: points(tenantLabelOf(gateway)) },
      ...(gateway.settings.receivers.kafka === undefined ? [] : [{ title: "Kafka", panels: kafkaPanels() }]),
      { title: "Forecasts", panels: forecasts(gateway) },
      {
        title: "Thresholds",
        panels: [crossings("", 24), ...limited.map((metric) => forecastPanel(metric, EVERY_SENDER))],
      },
    ],
  };
}

/** The variable `$job`: all jobs of gateways. */
function gatewayVariable(): VariableSpec {
  return { name: "job", label: "Gateway", query: `label_values(${GATEWAY.streams}, job)`, isMulti: true };
}

function figures(gateway: DescribedGateway): PanelSpec[] {
  return [
    figure(
      "Members",
      "Gateways that can be scraped",
      "short",
      `count(${GATEWAY.lastReloadSuccessful}{${OF_JOB}})`,
    ),
    figure("Streams", "Streams of all senders", "short", `sum(${GATEWAY.streams}{${OF_JOB}})`),
    figure(
      "Points",
      "Points per second that were taken, over 5 minutes",
      "count:points/s",
      `sum(rate(${GATEWAY.received}{${OF_JOB}}[5m]))`,
    ),
    {
      ...figure(
        "Oldest forecast",
        "Time since the series that was forecast the longest time ago was forecast",
        "s",
        `max(${GATEWAY.oldestForecastAge}{${OF_JOB}})`,
      ),
      limit: { value: oldForecastSeconds(gateway), direction: "above" },
    },
    {
      ...figure(
        "Configuration",
        "Whether every gateway could use its file when it read it last",
        "short",
        `min(${GATEWAY.lastReloadSuccessful}{${OF_JOB}})`,
      ),
      words: { 0: { text: "Refused", color: "red" }, 1: { text: "In use", color: "green" } },
    },
    {
      ...figure(
        "Alerts",
        "Firing alerts on gateways",
        "short",
        `sum(ALERTS{alertname=~"${ALERT_PREFIX}Gateway.*",alertstate="firing",${OF_JOB}}) or vector(0)`,
      ),
      limit: ANY,
    },
  ];
}

function points(tenant: string | undefined): PanelSpec[] {
  const [byTenant, ofTenant] = tenant === undefined ? ["", ""] : [`, ${tenant}`, ` {{${tenant}}}`];
  const rate = (metric: string, by: string): string =>
    `sum by (${by}${byTenant}) (rate(${metric}{${OF_JOB}}[${RATE}])) > 0`;
  return [
    lines(
      "Received",
      "Points that were taken",
      "count:points/s",
      rate(GATEWAY.received, "receiver"),
      `{{receiver}}${ofTenant}`,
    ),
    lines(
      "Refused",
      "Points or requests that were answered with an error",
      "count:/s",
      rate(GATEWAY.refused, "receiver, reason"),
      `{{receiver}}: {{reason}}${ofTenant}`,
    ),
    lines(
      "Left out",
      "Points that were taken and then left out, and forecasts that an output did not take",
      "count:/s",
      rate(GATEWAY.dropped, "reason"),
      `{{reason}}${ofTenant}`,
    ),
  ];
}

function forecasts(gateway: DescribedGateway): PanelSpec[] {
  const each = (metric: string, by = "instance"): string =>
    `max by (${by}) (${freshValues(`${metric}{${OF_JOB}}`)})`;
  const ofGateways = `and on (job, instance) ${GATEWAY.streams}`;
  const tenant = tenantLabelOf(gateway);
  const byInstance = (title: string, description: string, unit: string, expr: string): PanelSpec =>
    lines(title, description, unit, expr, "{{instance}}");
  return [
    {
      ...(tenant === undefined
        ? byInstance("Streams", "Streams that are known", "short", each(GATEWAY.streams))
        : lines(
            "Streams",
            "Streams of each tenant that are known",
            "short",
            each(GATEWAY.streams, `instance, ${tenant}`),
            `{{instance}} {{${tenant}}}`,
          )),
      limit: { value: streamLimitOf(gateway), direction: "above" },
    },
    {
      ...byInstance(
        "Series",
        "Series that are kept and forecast",
        "short",
        `sum by (instance) (${freshValues(`${FORECASTER.series}{${OF_JOB}}`)} ${ofGateways})`,
      ),
      limit: { value: gateway.options.maxSeries, direction: "above" },
    },
    byInstance(
      "Waiting for their past",
      "Series whose past is still to be asked for",
      "short",
      each(GATEWAY.backfillPending),
    ),
    {
      ...byInstance(
        "Age of the oldest forecast",
        "Above a few intervals something hangs",
        "s",
        each(GATEWAY.oldestForecastAge),
      ),
      limit: { value: oldForecastSeconds(gateway), direction: "above" },
    },
    byInstance(
      "Duration of a run",
      "95th percentile. Near the interval, there are too many series for one process",
      "s",
      `histogram_quantile(0.95, sum by (instance, le) (rate(${FORECASTER.runDuration}_bucket{${OF_JOB}}[${RATE}]) ${ofGateways}))`,
    ),
    byInstance("State", "Size of the state on disk", "bytes", each(GATEWAY.stateBytes)),
  ];
}
