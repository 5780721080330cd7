import { expect, it, vi } from "vitest";
import { GatewayCounts } from "../../../src/gateway/self-observation.ts";
import { PulledSources } from "../../../src/gateway/sources/pulled-sources.ts";
import { servedApi, vector } from "../../promql/served-api.ts";
import { MemoryIntake } from "./memory-intake.ts";

it("what is pulled and what fails is counted as pulled, and then the first round is over", async () => {
  const counts = new GatewayCounts("tenant");
  const received = vi.spyOn(counts, "received");
  const refused = vi.spyOn(counts, "refused");
  const url = await servedApi(({ parameters }) =>
    parameters.get("query") === "up"
      ? vector([{ metric: { job: "a" }, value: [Date.now() / 1000, "1"] }])
      : { status: "error", errorType: "bad_data", error: "no such query" },
  );
  const queries = new Map([
    ["good", "up"],
    ["bad", "up("],
  ]);
  const source = { url, queries, intervalMillis: undefined, backfill: undefined, headers: {} };
  const parts = { intake: new MemoryIntake(), intervalMillis: 60_000, counts };
  const sources = new PulledSources([source, { ...source, queries: new Map() }], parts);
  expect(sources.notReadyBecause).toBe("its sources have not been asked yet");
  await new Promise<void>((resolve) => sources.start(resolve));
  expect(sources.notReadyBecause).toBeUndefined();
  await sources.stop();
  expect(received.mock.calls).toEqual([["pull", 1]]);
  expect(refused.mock.calls).toEqual([["pull", expect.any(String), 1]]);
});

it("without queries nothing is waited for", () => {
  const parts = { intake: new MemoryIntake(), intervalMillis: 60_000, counts: new GatewayCounts("tenant") };
  expect(new PulledSources([], parts).notReadyBecause).toBeUndefined();
});
