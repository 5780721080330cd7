import { afterEach, expect, it } from "vitest";
import { shownValue } from "./harness/exposition.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const HEAP = "ai_cloud_heap_usage_percent";
const started: PluginApp[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
});

it("foresees that a thread fills its own heap", async () => {
  const app = await PluginApp.start(["test/e2e/apps/leaking-thread.mjs"]);
  started.push(app);
  const foreseen = await app.shows("the time until the heap is full", (samples) => {
    const time = shownValue(samples, "forecast_time_to_threshold_seconds", {
      agent: "shop/leaker",
      metric: HEAP,
      threshold: "80",
    });
    return time === undefined ? undefined : samples;
  });
  expect(shownValue(foreseen, HEAP, { agent: "shop/leaker" })).toBeGreaterThan(10);
  expect(shownValue(foreseen, HEAP, { agent: "shop" })).toBeLessThan(5);
  await app.shows("a heap that is nearly full", (samples) => {
    const percent = shownValue(samples, HEAP, { agent: "shop/leaker" }) ?? 0;
    return percent > 70 && percent <= 100 ? true : undefined;
  });
});

it("shows the delay of the event loop of each thread", async () => {
  const app = await PluginApp.start(["test/e2e/apps/leaking-thread.mjs"]);
  started.push(app);
  const name = "ai_cloud_event_loop_delay_p99_seconds";
  const blocked = await app.shows("the blocked event loop", (samples) => {
    const seconds = shownValue(samples, name, { agent: "shop" }) ?? 0;
    return seconds > 0.1 && shownValue(samples, name, { agent: "shop/leaker" }) !== undefined
      ? seconds
      : undefined;
  });
  expect(blocked).toBeLessThan(60);
  await app.shows("its forecast", (samples) => shownValue(samples, `${name}_predicted`, { agent: "shop" }));
});
