import { beside, counted, duration, percent, supportedDigits } from "./format.mjs";

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
export function replaceText({ name, alert, attempts, isInTime, at = Date.now() }) {
  const how = isInTime
    ? `in time, ${whenOf(alert, at)} its limit of ${percent(alert.threshold.value)}`
    : "too late, it was down before";
  return `replaced ${name} ${how}${attempts > 1 ? `, in ${attempts} attempts` : ""} (${reasonOf(alert)})`;
}

function reasonOf({ threshold, current, predictedValue, lower, upper, horizonSeconds }) {
  const memory = `memory ${beside(threshold.value, percent, current)}`;
  if (predictedValue === undefined) return memory;
  const digits = supportedDigits({ predictedValue, lower, upper });
  const predicted = beside(threshold.value, percent, predictedValue, digits);
  return `${memory}, forecast ${predicted} in ${duration(horizonSeconds)}`;
}

function whenOf({ threshold, current, timeToThresholdSeconds, at: since }, at) {
  if (current > threshold.value) return "above";
  const secondsLeft = Math.round((timeToThresholdSeconds ?? 0) - (at - since) / 1000);
  return secondsLeft >= 1 ? `${duration(secondsLeft)} before` : "at about";
}

/** What the supervisor did in all. */
export function summaryText({ serviceName, outages, replacedInTime }) {
  return `${serviceName} had ${counted(outages.count, "outage")} and was replaced in time ${counted(replacedInTime, "time")}.`;
}
