import { horizons, windows } from "./aggregate.mjs";

const origins = 3;

/**
 * The requests of the benchmark's protocol: windows of 1,000 and 240 points, up to three origins a series. A window in which nothing
 * moves has no scale for an error and is left out.
 */
export function requestsFor(series) {
  return allRequestsFor(series).filter(({ request }) => meanStep(request.values) > 0);
}

function allRequestsFor(series) {
  return series.flatMap((one) =>
    windows.flatMap((window) => {
      const longest = Math.max(...horizons);
      const last = one.values.length - longest;
      return Array.from({ length: origins }, (_, index) => {
        const origin = Math.round(window + ((last - window) * index) / (origins - 1));
        const id = `${one.id}@${window}@${origin}`;
        const values = one.values.slice(origin - window, origin);
        const future = one.values.slice(origin, origin + longest);
        return {
          request: { id, step_seconds: one.step, values, horizon: longest, season: one.season },
          future,
          about: { id, series: one.id, source: one.source, W: window },
        };
      });
    }),
  );
}

/** One answer, scored as the benchmark scores it, over each of the horizons. */
export function recordOf({ request, future, about }, answer) {
  const scale = meanStep(request.values);
  const h = Object.fromEntries(
    horizons.map((horizon) => [horizon, scoreOf(future.slice(0, horizon), answer, scale)]),
  );
  return { ...about, ms: answer.ms, h };
}

function scoreOf(future, answer, scale) {
  const seen = [...future.keys()].filter((index) => future[index] !== null);
  const mean = (score) => seen.reduce((sum, index) => sum + score(index), 0) / seen.length;
  const pinball = (share, bound) =>
    mean((index) =>
      Math.max(share * (future[index] - bound[index]), (share - 1) * (future[index] - bound[index])),
    );
  const inside = (low, high) =>
    mean((index) => (future[index] >= low[index] && future[index] <= high[index] ? 1 : 0));
  const { mean: middle, lo80, hi80, lo95, hi95 } = answer;
  return {
    mase: mean((index) => Math.abs(future[index] - middle[index])) / scale,
    ql: (2 * (pinball(0.1, lo80) + pinball(0.5, middle) + pinball(0.9, hi80))) / 3 / scale,
    cov80: inside(lo80, hi80),
    cov95: inside(lo95, hi95),
  };
}

function meanStep(values) {
  const steps = [];
  for (let index = 1; index < values.length; index++) {
    if (values[index] !== null && values[index - 1] !== null)
      steps.push(Math.abs(values[index] - values[index - 1]));
  }
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}
