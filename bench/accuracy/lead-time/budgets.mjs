import { limit } from "./watch.mjs";

/** How agents use a budget. Each returns what is used in each minute of one day, on any scale. */
const DAY_MINUTES = 1440;

const uses = {
  steady: (draw) => callsOf(draw, () => 3),
  "rare calls": (draw) => callsOf(draw, () => 0.05),
  bursts: (draw) => bursts(draw, { busy: [5, 30], idle: [5, 40] }),
  "bursts, long idle": (draw) => bursts(draw, { busy: [10, 40], idle: [60, 180] }),
  "office hours": (draw) => {
    const begins = draw.integer(7, 9) * 60;
    const ends = begins + draw.integer(8, 11) * 60;
    return callsOf(draw, (minute) => (minute >= begins && minute < ends ? 4 : 0.05));
  },
  "morning burst": (draw) => {
    const begins = draw.integer(6, 10) * 60;
    const ends = begins + draw.integer(40, 150);
    const share = draw.between(0.4, 0.7);
    const busy = (DAY_MINUTES * share) / (1 - share) / (ends - begins);
    return callsOf(draw, (minute) => (minute >= begins && minute < ends ? busy : 1));
  },
  growing: (draw) => {
    const times = draw.between(2, 6);
    return callsOf(draw, (minute) => 1 + (times * minute) / DAY_MINUTES);
  },
};

export const budgetUses = Object.keys(uses);

/**
 * The total of the day, one value a minute, over `days` days. The last day uses `share` of the limit; the days before
 * use 50 to 90 % of it.
 */
export function budget(draw, name, { share, days }) {
  const totals = Array.from({ length: days }, (_, day) => {
    const used = uses[name](draw);
    const sum = used.reduce((all, one) => all + one, 0);
    const scale = ((day === days - 1 ? share : draw.between(0.5, 0.9)) * limit) / sum;
    let total = 0;
    return used.map((one) => (total += one * scale));
  }).flat();
  return (tick) => totals[tick];
}

/** Calls that come at random, each of its own size. */
function callsOf(draw, callsAt) {
  return Array.from({ length: DAY_MINUTES }, (_, minute) => {
    let used = 0;
    for (let call = draw.poisson(callsAt(minute)); call > 0; call--) used += Math.exp(draw.normal(0.8));
    return used;
  });
}

/** Busy and idle times of random lengths in minutes. */
function bursts(draw, { busy, idle }) {
  let isBusy = draw.chance(0.5);
  let until = 0;
  return callsOf(draw, (minute) => {
    if (minute >= until) {
      isBusy = !isBusy;
      until = minute + draw.integer(...(isBusy ? busy : idle));
    }
    return isBusy ? 4 : 0;
  });
}
