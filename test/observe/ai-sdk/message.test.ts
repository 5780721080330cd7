import { beforeEach, expect, it } from "vitest";
import { reportFirstToken } from "../../../src/observe/ai-sdk/message.ts";
import { WorkBench } from "../bench-of-work.ts";

let bench: WorkBench;
beforeEach(() => {
  bench = new WorkBench();
});

/** The times to first outputs that were reported for the model `m` in seconds: count and sum. */
async function reported(...times: unknown[]): Promise<object | undefined> {
  const invocation = bench.work.begin("writer");
  for (const time of times)
    reportFirstToken(invocation, { modelId: "m", performance: { timeToFirstOutputMs: time } });
  reportFirstToken(invocation, { modelId: "m" });
  invocation.end("success");
  await bench.harness.ticks(2);
  const [point] = (await bench.harness.shown()).get("ai_cloud_first_token_duration_seconds") ?? [];
  return point;
}

it("the time to the first output is reported in milliseconds, and shown in seconds", async () => {
  expect(await reported(1500, 250)).toMatchObject({
    labels: { agent: "writer", model: "m" },
    value: { count: 2, sum: 1.75 },
  });
});

it.each([undefined, null, "1500", Number.NaN, -1])("a time of %s is left out", async (time) => {
  expect(await reported(time)).toBeUndefined();
});
