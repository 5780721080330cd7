import { INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import { FORECASTER, PREDICTION_ENDINGS } from "../metric-names.ts";
import {
  agentVariable,
  type DashboardContext,
  horizonVariable,
  jobVariable,
  OF_JOB,
  RATE,
  timeRange,
} from "./dashboard-context.ts";
import type { DashboardSpec, PanelSpec, VariableSpec } from "./dashboard-spec.ts";
import { LOWER, OBSERVED, PREDICTED, UPPER } from "./forecast-panel.ts";
import { freshValues, lines } from "./line-panel.ts";
import { worstForecasts } from "./table-panels.ts";

/** Series of the system have no label `agent`: they are shown for every agent. */
const OF_SERIES = `${OF_JOB},agent=~"$agent|"`;
const AHEAD = `${OF_SERIES},horizon="$horizon"`;

/** Where the axis of errors ends: one bad forecast of a series that hardly changes would hide all others. */
const MOST_ERROR = 2;

/** The accuracy of past forecasts, and the state of the forecaster itself. */
export function qualityDashboard(context: DashboardContext): DashboardSpec {
  return {
    uid: "otel-forecast-quality",
    file: "forecast-quality.json",
    title: "otel-forecast / Forecast quality",
    description: "The accuracy of past forecasts, and the state of the forecaster itself.",
    ...timeRange(context),
    variables: [jobVariable(context), agentVariable(true), horizonVariable(context), metricVariable()],
    rows: [
      { title: "Forecasts and observed values", panels: [overlay(), worstForecasts(`{${AHEAD}}`)] },
      { title: "Quality", panels: quality() },
      { title: "The forecaster", panels: forecaster() },
    ],
  };
}

function metricVariable(): VariableSpec {
  return {
    name: "metric",
    label: "Metric",
    query: `label_values(${FORECASTER.ready}{${OF_JOB}}, metric)`,
    isMulti: false,
  };
}

function overlay(): PanelSpec {
  const highest = (ending: string, matchers: string, shift: string): string =>
    `max(last_over_time({__name__="\${metric}${ending}",${matchers}}[${RATE}]${shift}))`;
  const shift = " offset $horizon";
  const atLevel = `${AHEAD},level="${INTERVAL_LEVEL_LABEL}"`;
  return {
    kind: "forecast",
    title: "$metric, and its forecast from $horizon before",
    description: "The highest value of all series of the metric. Choose one agent to see its series.",
    unit: "short",
    width: 16,
    height: 10,
    queries: [
      { expr: highest("", OF_SERIES, ""), legend: OBSERVED },
      { expr: highest(PREDICTION_ENDINGS.predicted, AHEAD, shift), legend: PREDICTED },
      { expr: highest(PREDICTION_ENDINGS.lower, atLevel, shift), legend: LOWER },
      { expr: highest(PREDICTION_ENDINGS.upper, atLevel, shift), legend: UPPER },
    ],
  };
}

function quality(): PanelSpec[] {
  return [
    {
      ...lines(
        "Error relative to naive",
        `Median over the series of each metric. Below 1, forecasts are better than the naive forecast (no change). Lines are cut off at ${MOST_ERROR}.`,
        "short",
        `quantile by (metric) (0.5, ${freshValues(`${FORECASTER.errorRatio}{${AHEAD}}`)})`,
        "{{metric}}",
      ),
      max: MOST_ERROR,
      limit: { value: 1, direction: "above" },
      width: 12,
      hasLegendBeside: true,
    },
    {
      ...lines(
        "Coverage of the interval",
        `Share of past values that were inside their interval, over the series of each metric. It should be near ${INTERVAL_LEVEL_LABEL}.`,
        "percentunit",
        `avg by (metric) (${freshValues(`${FORECASTER.coverage}{${AHEAD}}`)})`,
        "{{metric}}",
      ),
      max: 1,
      limit: { value: INTERVAL_LEVEL, direction: "below" },
      width: 12,
      hasLegendBeside: true,
    },
  ];
}

function forecaster(): PanelSpec[] {
  const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}{${OF_JOB}}[${RATE}]))`;
  return [
    {
      ...lines(
        "Series with a forecast",
        "Share of each agent's series that have a forecast. The others do not have enough points yet.",
        "percentunit",
        `label_replace(avg by (agent) (${freshValues(`${FORECASTER.ready}{${OF_SERIES}}`)}), "agent", "no agent", "agent", "")`,
        "{{agent}}",
      ),
      max: 1,
    },
    lines(
      "Series",
      "Series that are kept and forecast",
      "short",
      `sum by (instance) (${freshValues(`${FORECASTER.series}{${OF_JOB}}`)})`,
      "{{instance}}",
    ),
    lines(
      "Runs",
      "Runs of the forecaster",
      "count:runs/s",
      rate(FORECASTER.runs, "instance"),
      "{{instance}}",
    ),
    lines(
      "Duration of a run",
      "95th percentile, from the summed histograms of all processes",
      "s",
      `histogram_quantile(0.95, ${rate(`${FORECASTER.runDuration}_bucket`, "le")})`,
      "p95",
    ),
    lines(
      "Series dropped",
      "Samples of series that were not kept, by reason",
      "count:samples/s",
      rate(FORECASTER.seriesDropped, "reason"),
      "{{reason}}",
    ),
    lines(
      "Records skipped",
      "Records that were not accepted, by reason",
      "count:records/s",
      rate(FORECASTER.skipped, "reason"),
      "{{reason}}",
    ),
  ];
}
