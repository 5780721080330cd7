import { expect, it } from "vitest";
import { scalableThroughput } from "../math/scalable-throughput.ts";
import { Harness } from "../run/harness.ts";

const agent = "worker";
const truth = { lambda: 50, sigma: 0.1, kappa: 0.003 };

/** Keeps so many tasks under way, each of which begins when another ends, until 100 have ended. */
function keepBusy(harness: Harness, concurrency: number): void {
  const { world, pipeline } = harness;
  const millis = 1000 / scalableThroughput(concurrency, truth);
  const open = Array.from({ length: concurrency }, () =>
    pipeline.instruments.recorder.openTask(agent, "job"),
  );
  for (let task = 0; task < 100; task += 1) {
    world.millis += millis;
    open.shift()?.("success", (concurrency * millis) / 1000);
    open.push(pipeline.instruments.recorder.openTask(agent, "job"));
  }
  for (const end of open) end("cancelled", 0);
}

it("is silent until the data can tell, then shows how an agent scales, and leaves with the agent", async () => {
  const harness = new Harness({ expiryMillis: 3_600_000, forecastIntervalMillis: 60_000 });
  const names = async () =>
    (await harness.namesWith("agent", agent)).filter((name) => name.includes("scalability"));
  for (const concurrency of [1, 2, 4]) {
    keepBusy(harness, concurrency);
    await harness.ticks(10);
  }
  expect(await names()).toEqual([]);
  for (const concurrency of [8, 12, 16, 24, 32]) {
    keepBusy(harness, concurrency);
    await harness.ticks(10);
  }
  expect(await names()).toHaveLength(9);
  const value = (name: string) => harness.value(`ai_cloud_scalability_${name}`, { agent });
  expect(await value("contention")).toBeCloseTo(0.1, 2);
  expect(await value("coherence")).toBeCloseTo(0.003, 3);
  expect(await value("peak_concurrency")).toBeCloseTo(Math.sqrt(0.9 / 0.003), 0);
  expect(await value("peak_concurrency_lower")).toBeLessThanOrEqual(
    (await value("peak_concurrency")) as number,
  );
  expect(await harness.value("ai_cloud_scalability_contention_upper", { agent, level: "0.8" })).toBeDefined();
  await harness.ticks(361);
  expect(await names()).toEqual([]);
});
