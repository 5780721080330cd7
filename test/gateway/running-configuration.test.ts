import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RunningConfiguration } from "../../src/gateway/running-configuration.ts";

// The watch uses the timers of Node, not the global ones. Here a test moves them.
vi.mock("node:timers", async (importOriginal) => ({
  ...(await importOriginal<typeof import("node:timers")>()),
  setInterval: (...args: Parameters<typeof setInterval>) => globalThis.setInterval(...args),
  clearInterval: (timer: NodeJS.Timeout) => globalThis.clearInterval(timer),
}));

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

const HALF_MINUTE = 30_000;

function configurationOf(path: string | undefined) {
  const file = { content: "method: naive\n" };
  const sources = { environment: {}, readFile: () => file.content, warn: () => {} };
  return { file, configuration: new RunningConfiguration({ path, sources, now: () => 0 }) };
}

it("the file is looked at every 30 seconds, until the watch stops", async () => {
  const { file, configuration } = configurationOf("gateway.yaml");
  const changed = vi.fn(async () => {});
  configuration.watch(changed);
  await vi.advanceTimersByTimeAsync(HALF_MINUTE);
  expect(changed).not.toHaveBeenCalled();
  file.content = "method: theta\n";
  await vi.advanceTimersByTimeAsync(HALF_MINUTE - 1);
  expect(changed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(changed).toHaveBeenCalledOnce();
  configuration.stopWatching();
  await vi.advanceTimersByTimeAsync(10 * HALF_MINUTE);
  expect(changed).toHaveBeenCalledOnce();
});

it("without a file nothing is watched", () => {
  const { configuration } = configurationOf(undefined);
  configuration.watch(async () => {});
  expect(vi.getTimerCount()).toBe(0);
  configuration.stopWatching();
});
