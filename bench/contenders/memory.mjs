import { benchPipeline } from "../harness/pipeline.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { HandClock } from "../harness/surroundings.mjs";
import { usedBytes } from "../harness/watch.mjs";

/** The samples that the finest tier holds, an hour at 10 s each. */
const FULL_TIER = 360;

/**
 * @param agents each has one recorded and two observed gauges; `ticks` the samples of each, default
 * `FULL_TIER`
 */
export async function setup({ agents, ticks = FULL_TIER, method = "auto" }) {
  const before = usedBytes();
  const clock = new HandClock();
  const pipeline = benchPipeline({ method, forecastIntervalMillis: 86_400_000 }, clock);
  const random = seededRandom(1);
  const levels = new Float64Array(agents).fill(50);
  for (let tick = 0; tick <= ticks; tick += 1) {
    clock.millis += 10_000;
    for (let agent = 0; agent < agents; agent += 1) {
      levels[agent] = Math.min(100, Math.max(0, levels[agent] + random() * 4 - 2));
      pipeline.recordAgent({ agentName: `agent-${agent}`, cpuUsage: levels[agent] });
    }
    await pipeline.collect();
  }
  return async () => {
    const kept = pipeline.health().series;
    const ready = pipeline.engine.forecasts().filter(({ state }) => state === "ready").length;
    return { kept, horizonsReady: ready / kept, bytesPerSeries: (usedBytes() - before) / kept };
  };
}
