import { areForecast, monitorOfGauges } from "../harness/app-gauges.mjs";
import { watchEach } from "../harness/watch.mjs";

/** So many collections are more than any number of series needs that the bench has. */
const MOST_TICKS = 200;

/** @param series the number of gauges, which are all new */
export async function setup({ series }) {
  return async () => {
    const monitor = monitorOfGauges(series);
    const ticks = [];
    while (!areForecast(monitor)) {
      if (ticks.length === MOST_TICKS) throw new Error(`no forecast of all after ${MOST_TICKS} collections`);
      ticks.push(await watchEach(1, () => monitor.tick()));
    }
    const longest = (measure) => Math.max(...ticks.map((it) => it[measure]));
    return {
      series,
      ticks: ticks.length,
      tickMillis: longest("mainMillis"),
      processMillis: longest("processMillis"),
      turnMillis: longest("longestTurnMillis"),
    };
  };
}
