import { Harness, World } from "../../run/harness.ts";

const TICKS = 40;

/**
 * A pipeline with two queues, of which one grows by 2 every 10 seconds towards its threshold of 100,
 * a queue that is too young, a gauge without a threshold, and a cost of the day that grows by 1 every 10
 * seconds. The newest values are of 06:06:40.
 */
export async function measured(more: (tick: number, harness: Harness) => void = () => {}): Promise<Harness> {
  const world = new World();
  world.millis = Date.UTC(2026, 0, 1, 6);
  const harness = new Harness(
    {
      configFile: "f.yaml",
      method: "linear-trend",
      horizons: ["1m", "5m"],
      views: [
        {
          instruments: ["queue.size"],
          by: ["queue"],
          outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
        },
      ],
      thresholds: { queue_size: { above: 100 } },
      alerts: [
        { name: "QueueIsFull", metric: "queue_size", threshold: { above: 90 }, horizon: "5m", for: "0s" },
        { name: "QueueIsLong", metric: "queue_size", threshold: { above: 80 }, horizon: "5m", for: "1h" },
      ],
    },
    world,
    CONFIGURATION,
  );
  const meter = harness.application().getMeter("app");
  const size = meter.createGauge("queue.size", { unit: "{item}" });
  const other = meter.createGauge("other");
  await harness.ticks(TICKS, (tick) => {
    size.record(2 * tick, { queue: "fast" });
    size.record(5, { queue: "calm" });
    if (tick > TICKS - 3) size.record(1, { queue: "young" });
    other.record(1);
    harness.pipeline.instruments.consumption.tokensUsed(
      "planner",
      { input: 1, output: 0, cachedInput: 0 },
      "m",
    );
    more(tick, harness);
  });
  return harness;
}

const CONFIGURATION = `
prices: [{ model: m, input: 1000000, output: 1000000 }]
views: [{ instrument: ai_cloud.cost_today, number: level, by: [], name: budget.cost_today }]
thresholds: { budget_cost_today: { above: 1000 } }
`;
