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

/** Series of the system have no agent, and belong to all of them. */
const OF_SERIES = `${OF_JOB},agent=~"$agent|"`;
const AHEAD = `${OF_SERIES},horizon="$horizon"`;

/** How good the forecasts have been, and how the forecaster itself does. */
export function qualityDashboard(context: DashboardContext): DashboardSpec {
  return {
    uid: "otel-forecast-quality",
    file: "forecast-quality.json",
    title: "otel-forecast / Forecast quality",
    description: "How far forecasts were from what came, and how the forecaster itself does.",
    ...timeRange(context),
    variables: [jobVariable(), agentVariable(true), horizonVariable(context), metricVariable()],
    rows: [
      { title: "What was predicted, and what came", panels: [overlay(), worst()] },
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
    title: "$metric, and what was predicted of it $horizon before",
    description: "The highest of all series of the metric; choose one agent to see one.",
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

function worst(): PanelSpec {
  return {
    kind: "table",
    title: "Series that are forecast worst",
    description: "Error of past forecasts over that of assuming no change: below 1 is better.",
    unit: "short",
    width: 8,
    height: 10,
    queries: [
      { expr: `topk(10, ${FORECASTER.errorRatio}{${AHEAD}})`, legend: "{{metric}}", isInstant: true },
    ],
  };
}

function lines(title: string, description: string, unit: string, expr: string, legend: string): PanelSpec {
  return {
    kind: "lines",
    title,
    description,
    unit,
    min: 0,
    width: 8,
    height: 8,
    queries: [{ expr, legend }],
  };
}

function quality(): PanelSpec[] {
  return [
    {
      ...lines(
        "Error relative to naive",
        "Median over the series of each metric; below 1 is better than to assume no change.",
        "short",
        `quantile by (metric) (0.5, ${FORECASTER.errorRatio}{${AHEAD}})`,
        "{{metric}}",
      ),
      limit: { value: 1, direction: "above" },
    },
    {
      ...lines(
        "Coverage of the interval",
        `Share of past values that fell inside the interval, over the series of each metric; it should be near ${INTERVAL_LEVEL_LABEL}.`,
        "percentunit",
        `avg by (metric) (${FORECASTER.coverage}{${AHEAD}})`,
        "{{metric}}",
      ),
      max: 1,
      limit: { value: INTERVAL_LEVEL, direction: "below" },
    },
    {
      ...lines(
        "Series that are forecast",
        "Share of the series of each agent that have a forecast; the others are warming up.",
        "percentunit",
        `sum by (agent) (${FORECASTER.ready}{${OF_SERIES}}) / count by (agent) (${FORECASTER.ready}{${OF_SERIES}})`,
        "{{agent}}",
      ),
      max: 1,
    },
  ];
}

function forecaster(): PanelSpec[] {
  const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}{${OF_JOB}}[${RATE}]))`;
  return [
    lines(
      "Series",
      "Series that are kept and forecast",
      "short",
      `sum by (instance) (${FORECASTER.series}{${OF_JOB}})`,
      "{{instance}}",
    ),
    lines("Runs", "Runs of the forecaster", "ops", rate(FORECASTER.runs, "instance"), "{{instance}}"),
    lines(
      "Duration of a run",
      "95th percentile, by the histograms of all processes added up",
      "s",
      `histogram_quantile(0.95, ${rate(`${FORECASTER.runDuration}_bucket`, "le")})`,
      "p95",
    ),
    lines(
      "Series dropped",
      "Samples of series that were not kept, by reason",
      "ops",
      rate(FORECASTER.seriesDropped, "reason"),
      "{{reason}}",
    ),
    lines(
      "Records skipped",
      "What was handed in and not taken, by reason",
      "ops",
      rate(FORECASTER.skipped, "reason"),
      "{{reason}}",
    ),
  ];
}
