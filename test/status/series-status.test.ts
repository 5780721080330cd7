import { expect, it } from "vitest";
import { StatusReader } from "../../src/status/status-reader.ts";
import { Harness } from "../run/harness.ts";

function readerOf({ pipeline, world }: Harness): StatusReader {
  return new StatusReader({
    engine: () => pipeline.engine,
    alerts: () => pipeline.alerting,
    now: () => world.now(),
  });
}

it("the trend of a series is that of its longest horizon, whatever order the horizons were given in", async () => {
  const statuses = ["2m,10m", "10m,2m"].map(async (given) => {
    const harness = new Harness({ horizons: given.split(","), method: "linear-trend" });
    await harness.ticks(40, (tick) => {
      harness.pipeline.recordSystem({ cpuUsage: tick + (tick % 3) });
    });
    const reader = readerOf(harness);
    const { forecasts } = await reader.forecasts({ match: "system_cpu_usage_percent", limit: 1 });
    return reader.series(forecasts[0]?.id ?? "");
  });
  const [ascending, descending] = await Promise.all(statuses);
  expect(ascending?.recommendation).toContain("within 10 minutes");
  expect(ascending?.before.map(({ horizon }) => horizon)).toEqual(["2m"]);
  expect(descending).toEqual(ascending);
});
