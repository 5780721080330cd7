import type os from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { realSurroundings } from "../../src/measure/surroundings.ts";
import { until } from "../eventually.ts";

vi.mock("node:os", async (importOriginal) => {
  const original = await importOriginal<typeof os>();
  return { ...original, uptime: () => 86_400.25 };
});

describe("the clocks of the machine", () => {
  const { threadCpuUsage } = process;

  beforeEach(() => {
    vi.spyOn(Date, "now").mockReturnValue(1_790_000_000_000);
    vi.spyOn(performance, "now").mockReturnValue(1234.5);
    vi.spyOn(process, "cpuUsage").mockReturnValue({ user: 1_500_000, system: 250_000 });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.threadCpuUsage = threadCpuUsage;
  });

  it("are all in milliseconds", () => {
    process.threadCpuUsage = () => ({ user: 30_000, system: 12_000 });
    const { now, elapsedMillis, uptimeMillis, cpuMillis, threadCpuMillis } = realSurroundings();
    expect([now(), elapsedMillis(), uptimeMillis(), cpuMillis(), threadCpuMillis()]).toEqual([
      1_790_000_000_000, 1234.5, 86_400_250, 1750, 42,
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, "today", undefined])(
    "have the time of the machine while the application's Date.now gives %s",
    (given) => {
      vi.spyOn(Date, "now").mockReturnValue(given as number);
      expect(realSurroundings().now()).toBe(performance.timeOrigin + 1234.5);
    },
  );

  it("have the time that passes for the CPU time of a thread where Node does not know that", () => {
    Object.assign(process, { threadCpuUsage: undefined });
    expect(realSurroundings().threadCpuMillis()).toBe(1234.5);
  });
});

it("the timers go on while the application's clock is a false one, until they are cleared", async () => {
  const { timers } = realSurroundings();
  vi.useFakeTimers();
  const [tick, other] = [vi.fn(), vi.fn()];
  const timer = timers.setInterval(tick, 1);
  vi.useRealTimers();
  await until(() => tick.mock.calls.length > 1);
  timers.clearInterval(timer);
  const seen = tick.mock.calls.length;
  const another = timers.setInterval(other, 1);
  await until(() => other.mock.calls.length > 3);
  timers.clearInterval(another);
  expect(tick).toHaveBeenCalledTimes(seen);
});

it("a pause lets other work of the event loop go first", async () => {
  const done: string[] = [];
  setImmediate(() => done.push("other"));
  await realSurroundings().pause();
  expect(done).toEqual(["other"]);
});

it("the use of the heap is a share in percent", () => {
  const percent = realSurroundings().heapPercent();
  expect(percent).toBeGreaterThan(0);
  expect(percent).toBeLessThanOrEqual(100);
});
