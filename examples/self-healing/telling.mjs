import { counted, duration, percent } from "./format.mjs";

const AILMENTS = {
  out_of_memory: "had run out of memory",
  unresponsive: "did not answer",
  crashed: "had crashed",
};

const inAttempts = (attempts) => (attempts > 1 ? ` in ${attempts} attempts` : "");

/** What the supervisor did after an outage, and why. */
export function restartText({ name, ailment, attempts, downSeconds }) {
  const why = `because it ${AILMENTS[ailment]}`;
  if (attempts === 0) return `could not restart ${name} ${why}: no attempt succeeded, it tries again`;
  return `restarted ${name}${inAttempts(attempts)} ${why}, down for ${duration(downSeconds, 2)}`;
}

/** What the supervisor did because of an alert, and why. The time to the limit is that of the forecast. */
export function replaceText({ name, alert, attempts, isInTime }) {
  const limit = `its limit of ${percent(alert.threshold.value)}`;
  const why = `memory ${percent(alert.current)}, forecast ${percent(alert.predictedValue)} in ${duration(alert.horizonSeconds)}`;
  if (!isInTime) return `replaced ${name}${inAttempts(attempts)}, but too late: it was down before (${why})`;
  const secondsLeft = (alert.timeToThresholdSeconds ?? 0) - (Date.now() - alert.at) / 1000;
  const before = secondsLeft >= 1 ? `${duration(Math.round(secondsLeft))} before ${limit}` : `at ${limit}`;
  return `replaced ${name}${inAttempts(attempts)} in time, ${before} (${why})`;
}

/** What the supervisor did in all. */
export function summaryText({ serviceName, outages, replacedInTime }) {
  return `${serviceName} had ${counted(outages.count, "outage")} and was replaced in time ${counted(replacedInTime, "time")}.`;
}
