import { benchPipeline } from "../harness/pipeline.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { HandClock } from "../harness/surroundings.mjs";
import { usedBytes } from "../harness/watch.mjs";

/** An hour by 10 s, after a month by quarters of an hour: as many as the tiers hold. */
const SPANS = {
  hour: [{ stepSeconds: 10, samples: 360 }],
  month: [
    { stepSeconds: 900, samples: 30 * 96 },
    { stepSeconds: 10, samples: 360 },
  ],
};

/**
 * @param agents each has one recorded and two observed gauges; `age` of the series, a name of `SPANS` or a number of
 * samples; `options` of the monitor
 */
export async function setup({ agents, age, options = {} }) {
  // What a monitor needs whatever the number of series is, such as compiled code, is not counted.
  await (await aged(agents, SPANS.hour, {})).stop();
  const before = usedBytes();
  const pipeline = await aged(agents, SPANS[age] ?? [{ stepSeconds: 10, samples: age }], options);
  return async () => {
    await pipeline.history?.idle;
    const kept = pipeline.health().series;
    const ready = pipeline.engine.forecasts().filter(({ state }) => state === "ready").length;
    return { kept, horizonsReady: ready / kept, bytesPerSeries: (usedBytes() - before) / kept };
  };
}

/** A monitor whose agents have lived through these spans. */
async function aged(agents, spans, options) {
  const clock = new HandClock();
  const pipeline = benchPipeline({ forecastIntervalMillis: 86_400_000, ...options }, clock, {
    // Else the time between two samples is taken for a pause, in which the process was suspended.
    cpuMillis: () => clock.millis,
  });
  const random = seededRandom(1);
  const levels = new Float64Array(agents).fill(50);
  for (const { stepSeconds, samples } of spans) {
    for (let tick = 0; tick <= samples; tick += 1) {
      clock.millis += stepSeconds * 1000;
      for (let agent = 0; agent < agents; agent += 1) {
        levels[agent] = Math.min(100, Math.max(0, levels[agent] + random() * 4 - 2));
        pipeline.recordAgent({ agentName: `agent-${agent}`, cpuUsage: levels[agent] });
      }
      await pipeline.collect();
    }
  }
  return pipeline;
}
