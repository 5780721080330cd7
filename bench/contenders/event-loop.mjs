import { setTimeout as sleep } from "node:timers/promises";
import { monitorOfGauges } from "../harness/app-gauges.mjs";
import { WaitWatch } from "../harness/wait-watch.mjs";

const INTERVAL_MILLIS = 10_000;

/**
 * @param series the number of gauge series of the app; 0 is an app without a monitor
 * @param age their number of samples before the first round
 * @param intervals the collections of a round, one every 10 s of real time
 */
export async function setup({ series, age, intervals }) {
  const monitor = series === 0 ? undefined : monitorOfGauges(series);
  for (let tick = 0; tick < age; tick += 1) await monitor?.tick();
  return async () => {
    const waits = new WaitWatch();
    const startedAt = performance.now();
    for (let interval = 1; interval <= intervals; interval += 1) {
      await monitor?.tick();
      await sleep(startedAt + interval * INTERVAL_MILLIS - performance.now());
    }
    return waits.stop();
  };
}
