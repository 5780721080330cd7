const ARROWS = { increasing: "↗", decreasing: "↘", stable: "→" };

/** Three significant digits, as in the sentences of recommendations and alerts. What a sum leaves over is nothing. */
const rounded = (value) => Number((Math.round(value * 1e9) / 1e9).toPrecision(3));
const percent = (value) => `${rounded(value)}%`;
const share = (value) => percent(100 * value);
const seconds = (value) => (value < 1 ? `${rounded(1000 * value)} ms` : `${rounded(value)} s`);

/** What is shown of an agent: the metric, and how a person reads its values. */
export const columns = [
  { head: "success", metric: "ai_cloud_success_rate", show: share },
  { head: "p95", metric: "ai_cloud_latency_p95_seconds", show: seconds },
  { head: "recovery", metric: "ai_cloud_failure_recovery_time_seconds", show: seconds },
  { head: "memory", metric: "ai_cloud_memory_usage_percent", show: percent },
];

/** How a metric of an agent does and where it is heading, such as "98.1% ↘ 96.4%"; empty where it has none. */
function outlook(monitor, agentName, { metric, show }) {
  const [forecast] = monitor.getForecasts({ agentName, metricName: metric, horizonSeconds: 60 });
  if (forecast === undefined) return "";
  if (forecast.state === "failed") return "no forecast";
  if (forecast.state === "warming-up") return `${forecast.missingPoints} to go`;
  const { predictedValue, slopePerSecond, horizonSeconds, trend } = forecast;
  const now = predictedValue - slopePerSecond * horizonSeconds;
  return `${show(now)} ${ARROWS[trend]} ${show(predictedValue)}`;
}

/** Each agent, with how its metrics do and where they are heading. */
export function outlooks(monitor) {
  return monitor.agentNames.map((agentName) => ({
    agentName,
    performance: monitor.getPerformanceSummary(agentName),
    cells: columns.map((column) => outlook(monitor, agentName, column)),
  }));
}

/** What a person should act on first: forecasts that cross a threshold, soonest first. */
export function advice(monitor, most) {
  return monitor
    .getForecasts({ horizonSeconds: 60 })
    .filter((forecast) => forecast.state === "ready" && forecast.timeToThresholdSeconds !== undefined)
    .sort((a, b) => a.timeToThresholdSeconds - b.timeToThresholdSeconds)
    .slice(0, most)
    .map((forecast) => forecast.recommendation);
}
