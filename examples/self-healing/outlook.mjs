const ARROWS = { increasing: "↗", decreasing: "↘", stable: "→" };

/**
 * Three significant digits, as in recommendations and alerts. Tiny remainders of sums are shown as
 * 0.
 */
const rounded = (value) => Number((Math.round(value * 1e9) / 1e9).toPrecision(3));
const percent = (value) => `${rounded(value)}%`;
const share = (value) => percent(100 * value);
const seconds = (value) => (value < 1 ? `${rounded(1000 * value)} ms` : `${rounded(value)} s`);

/** The metrics that are shown for an agent, and the format of their values. */
export const columns = [
  { head: "success", metric: "ai_cloud_success_rate", show: share },
  { head: "p95", metric: "ai_cloud_latency_p95_seconds", show: seconds },
  { head: "recovery", metric: "ai_cloud_failure_recovery_time_seconds", show: seconds },
  { head: "memory", metric: "ai_cloud_memory_usage_percent", show: percent },
];

/**
 * The value of a metric and its forecast, such as "98.1% ↘ 96.4%"; empty if the agent does not have
 * it.
 */
function outlook(monitor, agentName, { metric, show }) {
  const [forecast] = monitor.getForecasts({ agentName, metricName: metric, horizonSeconds: 60 });
  if (forecast === undefined) return "";
  if (forecast.state === "failed") return "no forecast";
  if (forecast.state === "warming-up") return `${forecast.missingPoints} to go`;
  const { predictedValue, slopePerSecond, horizonSeconds, trend } = forecast;
  const now = predictedValue - slopePerSecond * horizonSeconds;
  return `${show(now)} ${ARROWS[trend]} ${show(predictedValue)}`;
}

/** Each agent with its metrics and their forecasts. */
export function outlooks(monitor) {
  return monitor.agentNames.map((agentName) => ({
    agentName,
    performance: monitor.getPerformanceSummary(agentName),
    cells: columns.map((column) => outlook(monitor, agentName, column)),
  }));
}

/** Forecasts that cross a threshold, soonest first. */
export function advice(monitor, most) {
  return monitor
    .getForecasts({ horizonSeconds: 60 })
    .filter((forecast) => forecast.state === "ready" && forecast.timeToThresholdSeconds !== undefined)
    .sort((a, b) => a.timeToThresholdSeconds - b.timeToThresholdSeconds)
    .slice(0, most)
    .map((forecast) => forecast.recommendation);
}
