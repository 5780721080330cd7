import { limit } from "./watch.mjs";

/** Series that never pass their limit. Each returns a function of the tick; a day has `day` ticks. */
const kinds = [
  function noise(draw) {
    const deviation = draw.between(0.02, 0.3);
    return () => Math.max(0, 1 + draw.normal(deviation));
  },
  function autoregression(draw) {
    const kept = draw.between(0.7, 0.99);
    let away = 0;
    return () => {
      away = kept * away + draw.normal(0.1 * Math.sqrt(1 - kept * kept));
      return 1 + away;
    };
  },
  function dailyLoad(draw, day) {
    const amplitude = draw.between(0.3, 0.9);
    const deviation = draw.between(0.01, 0.1);
    return (tick) =>
      Math.max(0, 1 + amplitude * Math.sin((2 * Math.PI * tick) / day) + draw.normal(deviation));
  },
  function counts(draw) {
    const mean = draw.between(0.3, 20);
    return () => draw.poisson(mean);
  },
  function windowedRate(draw) {
    const slices = [];
    const mean = draw.between(0.5, 10);
    return () => {
      slices.push(draw.poisson(mean));
      if (slices.length > 5) slices.shift();
      return slices.reduce((sum, count) => sum + count, 0) / slices.length;
    };
  },
  function collectedMemory(draw) {
    const period = draw.integer(5, 60);
    const height = draw.between(0.1, 0.5);
    return (tick) => 1 + (height * (tick % period)) / period + draw.normal(0.005);
  },
  function leakWithRestarts(draw, day) {
    const period = draw.between(0.3, 1.5) * day;
    return (tick) => 1 + (tick % period) / period + draw.normal(0.01);
  },
  function spikes(draw) {
    const rare = draw.between(0.001, 0.02);
    return () => 1 + draw.normal(0.03) + (draw.chance(rare) ? draw.between(0.5, 3) : 0);
  },
  function shifts(draw) {
    let level = 1;
    return () => {
      if (draw.chance(0.005)) level = draw.between(0.5, 1.5);
      return level + draw.normal(0.01);
    };
  },
  function queueWithJobs(draw, day) {
    const every = draw.integer(30, day / 4);
    const lasts = draw.integer(3, 25);
    return (tick) => {
      const since = tick % every;
      const waiting = since < lasts ? since : Math.max(0, 2 * lasts - since);
      return Math.round(waiting * 3) + draw.poisson(0.5);
    };
  },
];

/** A quiet series of `ticks` values, scaled so that its maximum is a share of the limit. */
export function quietSeries(draw, number, { ticks, day }) {
  const valueAt = kinds[number % kinds.length](draw, day);
  const values = Float64Array.from({ length: ticks }, (_, tick) => valueAt(tick));
  const factor = (limit * draw.between(0.6, 0.9)) / Math.max(...values);
  return (tick) => values[tick] * factor;
}

export function kindOf(number) {
  return kinds[number % kinds.length].name;
}
