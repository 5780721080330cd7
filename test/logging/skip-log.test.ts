import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SkipLog } from "../../src/logging/skip-log.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };

beforeEach(() => {
  diag.setLogger(logger, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true });
  // The API logs at this level that it has a logger.
  vi.clearAllMocks();
});
afterEach(() => diag.disable());

it("counts by reason, and logs the first of each kind", () => {
  const skips = new SkipLog();
  skips.skip("not_finite", "a point");
  skips.skip("not_finite", "another point", 3);
  skips.skip("not_finite", "a task", 1, "task");
  skips.skip("too_late", "a task", 2);
  expect(skips.counts).toEqual(
    new Map([
      ["not_finite", 5],
      ["too_late", 2],
    ]),
  );
  expect(logger.warn.mock.calls).toEqual([
    ["otel-forecast: skipped (not_finite): a point. Later ones are only counted."],
    ["otel-forecast: skipped (not_finite): a task. Later ones are only counted."],
    ["otel-forecast: skipped (too_late): a task. Later ones are only counted."],
  ]);
});

it("shows the error that the application threw in detail once, at the level debug", () => {
  const skips = new SkipLog();
  const error = new Error("secret");
  for (let times = 0; times < 2; times += 1) skips.skipThrown("callback_failed", "an error", error);
  skips.skipThrown("callback_failed", "an error", error, "other");
  expect(skips.counts).toEqual(new Map([["callback_failed", 3]]));
  const line = ["otel-forecast: skipped (callback_failed)", error];
  expect(logger.debug.mock.calls).toEqual([line, line]);
  expect(JSON.stringify(logger.warn.mock.calls)).not.toContain("secret");
});

it("asks for a text only when it logs it", () => {
  const skips = new SkipLog();
  const detail = vi.fn(() => "a point");
  for (let times = 0; times < 3; times += 1) skips.skip("not_finite", detail);
  expect(skips.counts).toEqual(new Map([["not_finite", 3]]));
  expect(detail).toHaveBeenCalledOnce();
  expect(logger.warn.mock.calls).toEqual([
    ["otel-forecast: skipped (not_finite): a point. Later ones are only counted."],
  ]);
});
