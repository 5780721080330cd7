import { expect, it } from "vitest";
import { errorTypeOf, isAbort } from "../../../src/telemetry/frameworks/error-type.ts";
import { WorkBench } from "./bench-of-work.ts";

it("keeps 200 names of agents, and calls the rest other", () => {
  const bench = new WorkBench();
  for (let agent = 0; agent < 210; agent += 1) bench.work.begin(`agent-${agent}`).end("success");
  expect(bench.agentNames).toHaveLength(201);
  expect(bench.of("other").completedTasks).toBe(10);
});

it("takes the first end of an invocation", () => {
  const bench = new WorkBench();
  const invocation = bench.work.begin("one");
  invocation.end("failure", "Boom");
  invocation.end("success");
  invocation.toolStarts("search")("failure");
  expect(bench.of("one")).toMatchObject({ completedTasks: 0, failedTasks: 1, activeTasks: 0 });
});

it("times a recovery from the first failure to the next success of the same kind", () => {
  const bench = new WorkBench();
  const invocation = bench.work.begin("one");
  for (const outcome of ["failure", "failure", "success"] as const) {
    invocation.toolStarts("search")(outcome);
    invocation.toolStarts("other")("success");
    bench.harness.world.millis += 2000;
  }
  invocation.end("success");
  expect(bench.of("one")).toMatchObject({ recoveredFailures: 1, averageRecoveryTime: 4, successRate: 1 / 3 });
});

it("names an error by its code, else by its class, and tells an abort among its causes", () => {
  const refused = Object.assign(new Error("no"), { code: "ECONNREFUSED" });
  expect(errorTypeOf(new TypeError("fetch failed", { cause: refused }))).toBe("ECONNREFUSED");
  expect(errorTypeOf(new RangeError("no"))).toBe("RangeError");
  expect(errorTypeOf(Object.assign(new Error("tried"), { lastError: new RangeError("no") }))).toBe(
    "RangeError",
  );
  expect(errorTypeOf("no")).toBe("string");
  const aborted = new DOMException("given up", "AbortError");
  expect(isAbort(new Error("call failed", { cause: aborted }))).toBe(true);
  expect(isAbort(new DOMException("too late", "TimeoutError"))).toBe(false);
});
