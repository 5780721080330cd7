import { TimeSeriesForecaster } from "otel-forecast";

const forecaster = new TimeSeriesForecaster();
const series = { agentName: "archiver", metricName: "disk_used_gigabytes" };

// Two hours of a disk that fills by 4 GB an hour, a point every minute. A job adds temporary files.
const start = Date.UTC(2026, 0, 12, 9);
for (let minute = 0; minute <= 120; minute += 1) {
  const value = 61 + (4 * minute) / 60 + 0.15 * Math.sin(minute * 1.7);
  forecaster.addDataPoint({ ...series, value, timestamp: start + minute * 60_000 });
}

function show(name, forecast) {
  if (forecast.state !== "ready") {
    console.log(`${name}: ${forecast.state}`, forecast.missingPoints ?? forecast.reason);
    return;
  }
  const { predictedValue, lower, upper, trend, slopePerSecond } = forecast;
  const range = `${lower.toFixed(1)} to ${upper.toFixed(1)}`;
  console.log(
    `${name}: ${predictedValue.toFixed(1)} GB (${range}), ${trend}, ${(3600 * slopePerSecond).toFixed(1)} an hour`,
  );
}

const inAnHour = { ...series, horizonSeconds: 3600 };
show("linear trend", forecaster.forecastLinearTrend(inAnHour));
show("moving average", forecaster.forecastMovingAverage({ ...inAnHour, window: 30 }));
show("exponential smoothing", forecaster.forecastExponentialSmoothing({ ...inAnHour, alpha: 0.5 }));
const best = forecaster.forecast(inAnHour);
show("best", best);
if (best.state === "ready") console.log(best.recommendation);

// Too few points, and an invalid horizon: both are states of a forecast, not exceptions.
show("another disk", forecaster.forecast({ ...inAnHour, agentName: "newcomer" }));
show("no horizon", forecaster.forecast({ ...inAnHour, horizonSeconds: 0 }));
