import { areForecast, monitorOfGauges } from "../harness/app-gauges.mjs";
import { usedBytes, watch, watchEach } from "../harness/watch.mjs";

/** Between two selections of a model by default. */
const TICKS_OF_A_SELECTION = 30;

/**
 * @param series the number of gauge series of the app; `age` their number of samples when the counted round begins:
 * the round that is not counted has the last of them
 */
export async function setup({ series, age }) {
  // What the app and the monitor have without series is not counted.
  await monitorOfGauges(1).tick();
  const monitor = monitorOfGauges(series);
  const before = usedBytes();
  for (let tick = TICKS_OF_A_SELECTION; tick < age; tick += 1) await monitor.tick();
  const scrape = await monitor.serve();
  return async () => {
    const ticks = await watchEach(TICKS_OF_A_SELECTION, () => monitor.tick());
    const residentBytes = process.memoryUsage.rss();
    await scrape();
    let pageBytes = 0;
    const page = await watch(async () => {
      pageBytes = await scrape();
    });
    return {
      series,
      age,
      ...ticks,
      residentBytes,
      bytesOfSeries: (usedBytes() - before) / series,
      scrapeMillis: page.cpuMillis,
      scrapeTurnMillis: page.blockMillis,
      pageBytes,
      isForecast: Number(areForecast(monitor)),
    };
  };
}
