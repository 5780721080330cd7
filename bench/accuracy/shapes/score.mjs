/**
 * Scores one forecast of a history over its first steps. Errors are relative to the mean step of the
 * history, with the offset and the limits of the benchmark: see ../aggregate.mjs.
 */
const offset = 0.01;
/** A mean this many ranges outside of everything that was ever seen is absurd, and so is a bound. */
const absurdRanges = { mean: 2, bound: 6 };

export function scoreOf({ values, length, expected, lower }, path, steps) {
  const history = values.slice(0, length);
  const future = values.slice(length, length + steps);
  const unit = meanStep(history) || 1;
  const naive = meanError(future, () => history.at(-1));
  const ratio = (error, reference = naive) =>
    Math.min(100, Math.max(0.01, (error / unit + offset) / (reference / unit + offset)));
  const known = [...history, ...future];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const negligible = 1e-9 * (high - low);
  const any = (test) => future.some((_, index) => test(index));
  const outside = (value, ranges) =>
    !(value >= low - ranges * (high - low) && value <= high + ranges * (high - low));
  const { mean, lower80, upper80 } = path;
  const inside = future.filter(
    (value, index) => value >= lower80[index] - negligible && value <= upper80[index] + negligible,
  );
  return {
    error: ratio(meanError(future, (index) => mean[index])),
    errorAtEnd: ratio(Math.abs(future.at(-1) - mean[steps - 1]), Math.abs(future.at(-1) - history.at(-1))),
    known: ratio(meanError(future, (index) => expected[index])),
    coverage: inside.length / steps,
    absurd: any(
      (index) =>
        outside(mean[index], absurdRanges.mean) ||
        outside(lower80[index], absurdRanges.bound) ||
        outside(upper80[index], absurdRanges.bound),
    ),
    negative: lower === 0 && any((index) => mean[index] < 0 || lower80[index] < 0),
    widthless: meanStep(history) > 0 && any((index) => upper80[index] - lower80[index] <= negligible),
  };
}

function meanError(future, forecastAt) {
  return (
    future.reduce((total, value, index) => total + Math.abs(value - forecastAt(index)), 0) / future.length
  );
}

function meanStep(values) {
  let total = 0;
  for (let index = 1; index < values.length; index++) total += Math.abs(values[index] - values[index - 1]);
  return total / (values.length - 1);
}

export function geometricMean(values) {
  return Math.exp(mean(values.map(Math.log)));
}

export function mean(values) {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
