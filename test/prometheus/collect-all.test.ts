import { describe, expect, it, vi } from "vitest";
import { collectAll, type MetricSource } from "../../src/prometheus/collect-all.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";

const metrics = resourceMetrics({ app: [gauge("g", [{}, 1])] });
const good: MetricSource = {
  collect: async () => ({ resourceMetrics: metrics, errors: ["a callback failed"] }),
};

describe("collectAll", () => {
  it("returns the result of each source in their order, and all errors", async () => {
    const rejecting: MetricSource = { collect: () => Promise.reject("rejected") };
    const throwing: MetricSource = {
      collect: () => {
        throw "thrown";
      },
    };
    expect(await collectAll([rejecting, good, throwing], 1000)).toEqual({
      results: [undefined, metrics, undefined],
      errors: ["rejected", "a callback failed", "thrown"],
    });
  });

  it("passes the timeout to the sources", async () => {
    const collect = vi.fn(good.collect);
    await collectAll([{ collect }], 1234);
    expect(collect).toHaveBeenCalledWith({ timeoutMillis: 1234, hasLateLabels: true });
  });

  it("leaves out a source that hangs", async () => {
    const hung: MetricSource = { collect: () => new Promise(() => {}) };
    const { results, errors } = await collectAll([hung, good], 20);
    expect(results).toEqual([undefined, metrics]);
    expect(String(errors[0])).toBe("TimeoutError: no metrics within 22 ms");
  });
});
