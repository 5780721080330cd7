import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, it, vi } from "vitest";
import { PerformanceMonitor } from "../../src/index.ts";

afterEach(() => vi.unstubAllGlobals());

it("a monitor works where the application's timers are numbers, as those of a test environment with jsdom", async () => {
  const timers = new Map<number, NodeJS.Timeout>();
  for (const [start, end] of [
    ["setTimeout", "clearTimeout"],
    ["setInterval", "clearInterval"],
  ] as const) {
    const real = { start: globalThis[start], end: globalThis[end] };
    vi.stubGlobal(start, (...args: Parameters<typeof setTimeout>) => {
      const id = timers.size + 1;
      timers.set(id, real.start(...args) as NodeJS.Timeout);
      return id;
    });
    vi.stubGlobal(end, (id: number) => real.end(timers.get(id)));
  }
  const monitor = new PerformanceMonitor({ port: 0, exporters: ["prometheus", "otlp"] });
  await monitor.start();
  await monitor.agent("a").task("t", async () => "done");
  await monitor.collect();
  // `fetch` itself fails with such timers.
  const response = await new Promise<IncomingMessage>((answered) => get(`${monitor.url}/metrics`, answered));
  expect(await text(response)).toContain('ai_cloud_completed_tasks_total{agent="a"');
  await monitor.shutdown();
});
