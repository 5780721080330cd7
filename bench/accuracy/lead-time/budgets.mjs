import { Draw } from "../shapes/draw.mjs";
import { limit, watch } from "./watch.mjs";

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

const STEP_MINUTES = 2;
/** What a day uses, as a share of the limit: evenly spread over the runs. */
const SHARES = { overspent: [1.1, 2], kept: [0.5, 0.9] };

/** Measures alerts on budgets, on a first day and after earlier days, and prints a table of each. */
export async function measureBudgets({ runs, seed, bound, method }) {
  for (const earlierDays of [0, 2]) {
    const count = earlierDays === 0 ? runs : Math.ceil(runs / 2);
    const cases = Object.keys(uses).flatMap((use, order) =>
      Object.entries(SHARES).flatMap(([kind, [from, to]], kindOrder) =>
        Array.from({ length: count }, (_, run) => {
          const draw = new Draw(seed * 7_000_003 + 1000 * order + 500 * kindOrder + 104_729 * run);
          const share = from + ((to - from) * (run + 0.5)) / count;
          return { use, kind, valueAt: budget(draw, use, { share, days: earlierDays + 1 }) };
        }),
      ),
    );
    const dayTicks = DAY_MINUTES / STEP_MINUTES;
    const watched = await watch({
      series: cases.map(({ valueAt }) => valueAt),
      ...{ ticks: (earlierDays + 1) * dayTicks, intervalSeconds: 60 * STEP_MINUTES },
      // So that the last value of a day is a minute before midnight.
      ...{ startHour: -1 / 60, forecastIntervalMillis: 20 * 60_000 },
      ...{ alerts: [{ name: "today", ...bound }], method, isDailyTotal: true },
    });
    const days = cases.map((one, index) => ({ ...one, ...lastDay(watched[index], earlierDays * dayTicks) }));
    console.log(`\nDaily budgets, ${earlierDays === 0 ? "first day" : `after ${earlierDays} days`}:\n`);
    console.log(
      "| use | overspent | warned before 80 % | warned before spent | lead time: median | shortest | kept | false alarms |",
    );
    console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (const use of Object.keys(uses))
      console.log(
        budgetRow(
          use,
          days.filter((one) => one.use === use),
        ),
      );
    console.log(budgetRow("**all**", days));
  }
}

/** The values of the last day, and its alarms in ticks of that day. */
function lastDay({ values, alarms }, begin) {
  return {
    values: values.slice(begin),
    alarms: alarms
      .filter(({ from, to }) => from >= begin && (to === undefined || to > from))
      .map(({ from, to }) => ({ from: from - begin, to: to === undefined ? undefined : to - begin })),
  };
}

function budgetRow(use, days) {
  const overspent = days
    .filter(({ kind }) => kind === "overspent")
    .map(({ values, alarms }) => {
      const spentAt = values.findIndex((value) => value > limit);
      const warning = alarms.find(({ from, to }) => from < spentAt && (to === undefined || to >= spentAt));
      return {
        isEarly: values[warning?.from] < 0.8 * limit,
        lead: warning && (spentAt - warning.from) * STEP_MINUTES,
      };
    });
  const kept = days.filter(({ kind }) => kind === "kept");
  const leads = overspent.flatMap(({ lead }) => lead ?? []).toSorted((a, b) => a - b);
  const minutes = (value) => (value === undefined ? "" : `${value} min`);
  const early = overspent.filter(({ isEarly }) => isEarly).length;
  const cells = [use, overspent.length, early, leads.length];
  cells.push(minutes(leads[leads.length >> 1]), minutes(leads[0]), kept.length);
  return `| ${[...cells, kept.filter(({ alarms }) => alarms.length > 0).length].join(" | ")} |`;
}

/**
 * The total of the day over `days` days. The last day uses `share` of the limit; the days before use 50 to 90 % of it.
 */
function budget(draw, use, { share, days }) {
  const totals = Array.from({ length: days }, (_, day) => {
    const used = uses[use](draw);
    const sum = used.reduce((all, one) => all + one, 0);
    const scale = ((day === days - 1 ? share : draw.between(0.5, 0.9)) * limit) / sum;
    let total = 0;
    return used.map((one) => (total += one * scale));
  }).flat();
  return (tick) => totals[tick * STEP_MINUTES];
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
