import { duration, supportedDigits } from "./format.mjs";
import { LATER_SECONDS, measures } from "./measures.mjs";
import { collectionIntervalMillis } from "./options.mjs";

const ARROWS = { increasing: "↗", decreasing: "↘" };

/** The forecast of a measure at its horizon, or at the next one where the horizons are others. */
function forecastFor(monitor, agentName, { metric, horizonSeconds }) {
  const forecasts = monitor.getForecasts({ agentName, metricName: metric });
  return forecasts.find((forecast) => forecast.horizonSeconds === horizonSeconds) ?? forecasts[0];
}

/** A forecast in words: "↗ 93% in 15 s", "stable for 1 min", "warming up, 4 s". */
export function inWords(forecast, show) {
  if (forecast === undefined) return "warming up";
  if (forecast.state === "failed") return `no forecast: ${forecast.reason}`;
  if (forecast.state === "warming-up")
    return `warming up, ${duration(Math.ceil((forecast.missingPoints * collectionIntervalMillis) / 1000))}`;
  const horizon = duration(forecast.horizonSeconds);
  const value = show(forecast.predictedValue, supportedDigits(forecast));
  const isSame = forecast.trend === "stable" || value === show(currentOf(forecast));
  return isSame ? `stable for ${horizon}` : `${ARROWS[forecast.trend]} ${value} in ${horizon}`;
}

/** The value that a forecast starts from. */
function currentOf({ predictedValue, slopePerSecond, horizonSeconds }) {
  return predictedValue - slopePerSecond * horizonSeconds;
}

/** The rows of an agent: each measure that it has, its value now and its forecast. */
function rowsOf(monitor, agentName, service) {
  const performance = monitor.getPerformanceSummary(agentName);
  return measures
    .filter(({ agents = [agentName] }) => agents.includes(agentName))
    .map((measure) => {
      const forecast = forecastFor(monitor, agentName, measure);
      const now = forecast?.state === "ready" ? currentOf(forecast) : measure.now(performance, service);
      return { measure, forecast, now };
    })
    .filter(({ now }) => now !== undefined)
    .map(({ measure: { name, show }, forecast, now }) => [name, show(now), inWords(forecast, show)]);
}

/** Each agent that has done something, with its tasks and its rows. */
export function outlooks(monitor, service) {
  return monitor.agentNames
    .map((agentName) => {
      const { completedTasks, failedTasks } = monitor.getPerformanceSummary(agentName);
      const hasTasks = completedTasks + failedTasks > 0;
      const tasks = hasTasks ? `${completedTasks} done, ${failedTasks} failed` : "";
      return { agentName, tasks, rows: rowsOf(monitor, agentName, service) };
    })
    .filter(({ rows }) => rows.length > 0);
}

/** The recommendations: that of the memory of the service first, then those that cross a limit. */
export function advice(monitor, most) {
  const headline = forecastFor(monitor, "leaky-service", measures[0]);
  const others = monitor
    .getForecasts({ horizonSeconds: LATER_SECONDS })
    .filter(
      ({ metricName, agentName }) => metricName !== headline?.metricName || agentName !== headline.agentName,
    )
    .filter((forecast) => forecast.state === "ready" && forecast.timeToThresholdSeconds !== undefined)
    .sort((a, b) => a.timeToThresholdSeconds - b.timeToThresholdSeconds);
  return [headline, ...others]
    .flatMap((forecast) => (forecast?.state === "ready" ? [forecast.recommendation] : []))
    .slice(0, most);
}
