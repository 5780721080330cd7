import { describe, expect, it } from "vitest";
import { MetricTypes } from "../../../src/gateway/receivers/metric-types.ts";
import type { MetricMetadata } from "../../../src/wire/remote/write-request.ts";

const jobs: MetricMetadata = { family: "jobs_total", type: "counter", help: "Jobs.", unit: "" };

function learned(...metadata: readonly MetricMetadata[]): MetricTypes {
  const types = new MetricTypes();
  types.learn(metadata, () => {});
  return types;
}

describe("a metric that two targets describe in different words", () => {
  it("is one metric, however often both descriptions come", () => {
    const types = learned(jobs);
    const { version } = types;
    const { key } = types.headerOf("jobs_total", "counter");
    for (let minute = 0; minute < 3; minute += 1)
      types.learn([{ ...jobs, help: "Finished jobs." }, jobs], () => {});
    expect(types.version).toBe(version);
    expect(types.headerOf("jobs_total", "counter").key).toBe(key);
  });

  it("is described in the newest words", () => {
    const types = learned(jobs, { ...jobs, help: "Finished jobs." });
    expect(types.headerOf("jobs_total", "counter").header.description).toBe("Finished jobs.");
  });
});

describe("a metric whose metadata changes", () => {
  it.each([
    ["type", { type: "gauge" }],
    ["unit", { unit: "seconds" }],
  ] as const)("is another one if its %s does", (_, change) => {
    const types = learned(jobs);
    const { version } = types;
    const { key } = types.headerOf("jobs_total", "counter");
    types.learn([{ ...jobs, ...change }], () => {});
    expect(types.version).toBeGreaterThan(version);
    expect(types.headerOf("jobs_total", "counter").key).not.toBe(key);
  });
});
