import { describe, expect, it } from "vitest";
import { ForecastPaths } from "../../../src/gateway/outputs/forecast-paths.ts";
import { Harness, SECOND } from "../../run/harness.ts";

const HORIZONS = { "20s": 20, "1m": 60, "5m": 300 } as const;

/** An application whose series are a level, a rate and a percentile, after some time. */
async function application(): Promise<Harness> {
  const harness = new Harness({
    method: "auto",
    horizons: Object.keys(HORIZONS),
    collectionIntervalMillis: 5 * SECOND,
    windowMillis: 60 * SECOND,
  });
  const meter = harness.application().getMeter("app");
  const depth = meter.createGauge("queue.depth");
  const jobs = meter.createCounter("jobs");
  const wait = meter.createHistogram("wait");
  const attributes = { "queue.name": "mail", level: "high", forecast: "rain", empty: "" };
  await harness.ticks(60, (tick) => {
    depth.record(100 + tick + 5 * Math.sin(tick), attributes);
    jobs.add(10 + (tick % 3));
    for (let index = 0; index < 10; index += 1) wait.record(0.1 + (tick % 5) / 100);
  });
  return harness;
}

describe("the paths of the series of an engine", () => {
  it("agree to the last bit with the published forecasts, for each kind of series", async () => {
    const harness = await application();
    const { engine } = harness.pipeline;
    const paths = [...new ForecastPaths(() => engine.forecasters).paths()];
    for (const metric of ["queue_depth", "jobs_per_second", "wait_p95"]) {
      const path = paths.find((it) => it.metric === metric);
      const points = [...(path?.points() ?? [])];
      for (const [horizon, seconds] of Object.entries(HORIZONS)) {
        const point = points.find(({ at }) => at === (path?.latest.at ?? 0) + seconds * SECOND);
        expect(point?.predicted, `${metric} in ${horizon}`).toBeTypeOf("number");
        expect(point?.predicted).toBe(await harness.value(`${metric}_predicted`, { horizon }));
        expect(point?.lower).toBe(await harness.value(`${metric}_predicted_lower`, { horizon }));
        expect(point?.upper).toBe(await harness.value(`${metric}_predicted_upper`, { horizon }));
      }
      expect(points.at(-1)?.at).toBe((path?.latest.at ?? 0) + 300 * SECOND);
    }
  });

  it("have the labels of the published forecasts, as Prometheus writes them", async () => {
    const { pipeline } = await application();
    const source = new ForecastPaths(() => pipeline.engine.forecasters);
    const [path] = [...source.paths()].filter(({ metric }) => metric === "queue_depth");
    expect(path?.labels).toEqual([
      ["exported_forecast", "rain"],
      ["exported_level", "high"],
      ["queue_name", "mail"],
    ]);
    const [again] = [...source.paths()].filter(({ metric }) => metric === "queue_depth");
    expect(again?.labels).toBe(path?.labels);
    expect(source.level).toBe("0.8");
  });

  it("are those of series that have a forecast", async () => {
    const harness = new Harness();
    const gauge = harness.application().getMeter("app").createGauge("load");
    const source = new ForecastPaths(() => harness.pipeline.engine.forecasters);
    await harness.ticks(5, () => gauge.record(1));
    expect([...source.paths()].filter(({ metric }) => metric === "load")).toEqual([]);
    await harness.ticks(20, () => gauge.record(1));
    expect([...source.paths()].filter(({ metric }) => metric === "load")).toHaveLength(1);
  });
});
