import { limit } from "./watch.mjs";

/** Series that pass their limit, one value a tick. Each returns a function of the tick. */

/** Memory that leaks, with or without garbage collections, and reaches the limit after half an hour to two hours. */
function leak(draw, intervalSeconds) {
  const level = draw.between(30, 60);
  const begins = minutes(draw.between(10, 20), intervalSeconds);
  const slope = (limit - level) / minutes(draw.between(30, 120), intervalSeconds);
  const period = draw.integer(10, 40);
  const height = draw.chance(0.5) ? 0 : draw.between(2, 10);
  const noise = draw.between(0.1, 0.6);
  return (tick) =>
    level + slope * Math.max(0, tick - begins) + (height * (tick % period)) / period + draw.normal(noise);
}

/** A queue that is short, and then grows in proportion or faster, to its limit within 6 to 30 minutes. */
function queue(draw, intervalSeconds) {
  const usual = draw.between(0.5, 4);
  const begins = minutes(draw.between(15, 40), intervalSeconds);
  const lasts = minutes(draw.between(6, 30), intervalSeconds);
  const power = draw.pick([1, 1, 2]);
  return (tick) => {
    const grown = limit * (Math.max(0, tick - begins) / lasts) ** power;
    return Math.max(0, draw.poisson(usual) + Math.round(grown + draw.normal(Math.sqrt(grown))));
  };
}

/** A percentile of latencies that drifts up to its limit within 20 to 60 minutes. */
function latency(draw, intervalSeconds) {
  const usual = draw.between(25, 50);
  const begins = minutes(draw.between(15, 40), intervalSeconds);
  const lasts = minutes(draw.between(20, 60), intervalSeconds);
  const deviation = usual * draw.between(0.01, 0.04);
  let away = 0;
  return (tick) => {
    away = 0.9 * away + draw.normal(deviation);
    return usual + away + (limit - usual) * Math.max(0, (tick - begins) / lasts);
  };
}

/** A total of the day that is used in bursts; it passes its limit after 3 to 12 hours when `share` is above 1. */
function budget(draw, intervalSeconds, share) {
  const hours = draw.between(3, 12);
  const perTick = (limit * share) / ((hours * 3600) / intervalSeconds);
  const busy = draw.integer(5, 30);
  const pause = draw.integer(5, 40);
  let total = 0;
  return (tick) => {
    const isBusy = tick % (busy + pause) < busy;
    if (isBusy) total += ((perTick * (busy + pause)) / busy) * draw.between(0.3, 1.7);
    return total;
  };
}

/** A budget that passes its limit. */
export const overspent = (draw, intervalSeconds) => budget(draw, intervalSeconds, 1);

/** A budget that is used in the first hours, and of which 60 to 95 % are used at the end of the day. */
export function kept(draw, intervalSeconds) {
  const share = draw.between(0.6, 0.95);
  const hours = draw.between(8, 16);
  const last = (hours * 3600) / intervalSeconds;
  const use = budget(draw, intervalSeconds, 1);
  const values = Array.from({ length: Math.ceil(last) }, (_, tick) => use(tick));
  const factor = (share * limit) / values[values.length - 1];
  return (tick) => factor * values[Math.min(tick, values.length - 1)];
}

export const troubles = { "memory leaks": leak, "queue grows": queue, "latency drifts up": latency };

function minutes(count, intervalSeconds) {
  return (count * 60) / intervalSeconds;
}
