import {
  type DescribedGateway,
  NORMAL_REASON,
  OUTPUT_FAILED,
  streamLimitOf,
  tenantLabelOf,
} from "../../described-gateway.ts";
import { FORECASTER, GATEWAY } from "../../metric-names.ts";
import { promDuration } from "../../promql.ts";
import { ALERT_PREFIX, type RuleContext } from "../rule-context.ts";
import type { AlertingRule } from "../rule-file.ts";

/** A condition must hold for longer than the range that it looks back: one event is not enough. */
const RANGE = "10m";
const SUSTAINED = "15m";
const RANGE_MILLIS = 600_000;
/** A pulled series has a point at every query. Fewer than this are too few to call it silent. */
const QUERIES_IN_RANGE = 3;
/** The share of late points that repeated sends do not explain. */
const MANY_LATE = 0.1;
const NEAR = 0.8;

/** Alerts on points that a gateway does not get or does not use, and on forecasts that it cannot hand on. */
export function pointsAlerts(context: RuleContext, gateway: DescribedGateway): AlertingRule[] {
  return [
    receivingNothing(context, gateway),
    refusing(context),
    dropping(context),
    late(context),
    ...outputFailing(context, gateway),
    ...nearLimits(context, gateway),
  ];
}

function receivingNothing({ runbook }: RuleContext, { settings }: DescribedGateway): AlertingRule {
  const intervals = settings.sources.map(({ intervalMillis }) => intervalMillis ?? 0);
  const range = promDuration(Math.max(RANGE_MILLIS, ...intervals.map((one) => QUERIES_IN_RANGE * one)));
  return {
    alert: `${ALERT_PREFIX}GatewayReceivingNothing`,
    expr: [
      `sum by (job, instance) (increase(${GATEWAY.received}[${range}])) == 0`,
      `or (sum by (job, instance) (${GATEWAY.streams}) unless on (job, instance) ${GATEWAY.received})`,
    ].join("\n"),
    for: "5m",
    labels: { severity: "warning" },
    annotations: {
      summary: "A gateway receives no points",
      description:
        `{{ $labels.instance }} of {{ $labels.job }} has received no points for ${range}. ` +
        "Its forecasts stand still.",
      runbook_url: runbook("gateway-receiving-nothing"),
    },
  };
}

function refusing({ runbook }: RuleContext): AlertingRule {
  const refused = `${GATEWAY.refused}{reason!~"${NORMAL_REASON}"}`;
  return {
    alert: `${ALERT_PREFIX}GatewayRefusingPoints`,
    expr: `sum by (job, instance, receiver, reason) (increase(${refused}[${RANGE}])) > 0`,
    for: SUSTAINED,
    keep_firing_for: SUSTAINED,
    labels: { severity: "warning" },
    annotations: {
      summary: "A gateway cannot take points",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} could not take {{ $value | humanize }} points or requests " +
        `by {{ $labels.receiver }} in the last ${RANGE}, reason {{ $labels.reason }}.`,
      runbook_url: runbook("gateway-refusing-points"),
    },
  };
}

function dropping({ runbook }: RuleContext): AlertingRule {
  const wrong = `${GATEWAY.dropped}{reason!~"${NORMAL_REASON}|${OUTPUT_FAILED}"}`;
  return {
    alert: `${ALERT_PREFIX}GatewayDroppingPoints`,
    expr: `sum by (job, instance, reason) (increase(${wrong}[${RANGE}])) > 0`,
    for: SUSTAINED,
    keep_firing_for: SUSTAINED,
    labels: { severity: "warning" },
    annotations: {
      summary: "A gateway leaves points out",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} has left out {{ $value | humanize }} points " +
        `in the last ${RANGE}, reason {{ $labels.reason }}.`,
      runbook_url: runbook("gateway-dropping-points"),
    },
  };
}

function late({ runbook }: RuleContext): AlertingRule {
  const sum = (metric: string): string => `sum by (job, instance) (increase(${metric}[${RANGE}]))`;
  return {
    alert: `${ALERT_PREFIX}GatewayPointsLate`,
    expr: `${sum(`${GATEWAY.dropped}{reason=~"late.*"}`)}\n/ ${sum(GATEWAY.received)} > ${MANY_LATE}`,
    for: SUSTAINED,
    keep_firing_for: SUSTAINED,
    labels: { severity: "warning" },
    annotations: {
      summary: "Many points come too late to a gateway",
      description:
        "{{ $labels.instance }} of {{ $labels.job }} left out {{ $value | humanizePercentage }} of its points " +
        `in the last ${RANGE}, because they came twice or after newer ones.`,
      runbook_url: runbook("gateway-points-late"),
    },
  };
}

function outputFailing({ runbook }: RuleContext, { settings }: DescribedGateway): AlertingRule[] {
  const { remoteWrite, otlp } = settings.outputs;
  if (remoteWrite.length + otlp.length === 0) return [];
  const failed = `${GATEWAY.dropped}{reason="${OUTPUT_FAILED}"}`;
  return [
    {
      alert: `${ALERT_PREFIX}GatewayOutputFailing`,
      expr: `sum by (job, instance) (increase(${failed}[${RANGE}])) > 0`,
      for: SUSTAINED,
      keep_firing_for: SUSTAINED,
      labels: { severity: "warning" },
      annotations: {
        summary: "A gateway cannot hand its forecasts on",
        description:
          "{{ $labels.instance }} of {{ $labels.job }} could not write or push {{ $value | humanize }} forecasts " +
          `in the last ${RANGE}.`,
        runbook_url: runbook("gateway-output-failing"),
      },
    },
  ];
}

/** Streams and series beyond a limit are left out. These alerts come before that. */
function nearLimits({ runbook }: RuleContext, gateway: DescribedGateway): AlertingRule[] {
  const tenant = tenantLabelOf(gateway);
  const near = (what: "streams" | "series", expr: string, limit: number, whose = ""): AlertingRule => ({
    alert: `${ALERT_PREFIX}Gateway${what === "streams" ? "Streams" : "Series"}NearLimit`,
    expr,
    for: SUSTAINED,
    keep_firing_for: SUSTAINED,
    labels: { severity: "warning" },
    annotations: {
      summary: `A gateway has nearly as many ${what} as it may have`,
      description:
        `{{ $labels.instance }} of {{ $labels.job }} has {{ $value | humanize }} ${what}${whose}. ` +
        `Its limit is ${limit}; ${what} beyond it are left out.`,
      runbook_url: runbook("gateway-near-limit"),
    },
  });
  const streams = streamLimitOf(gateway);
  const ofTenant = tenant === undefined ? "" : ` of the tenant {{ $labels.${tenant} }}`;
  const { maxSeries } = gateway.options;
  const series = `${FORECASTER.series} > ${NEAR * maxSeries} and on (job, instance) ${GATEWAY.streams}`;
  return [
    near("streams", `${GATEWAY.streams} > ${NEAR * streams}`, streams, ofTenant),
    near("series", series, maxSeries),
  ];
}
