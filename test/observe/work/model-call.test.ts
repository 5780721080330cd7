import { beforeEach, describe, expect, it } from "vitest";
import { type AskedModel, ProviderModelCall } from "../../../src/observe/work/model-call.ts";
import { recorded } from "./recorded.ts";

let bench: ReturnType<typeof recorded>;
let overs: number;

beforeEach(() => {
  bench = recorded();
  overs = 0;
});

/** A run around the call, which notes what it is told. */
function runAround(isOver = false) {
  const told: unknown[][] = [];
  const noted =
    (name: string) =>
    (...args: unknown[]) =>
      told.push([name, ...args]);
  const run = { goesOn: noted("goes on"), askedModel: noted("asked"), stepEnded: noted("ended") };
  return { told, run: { ...run, isOver, isAsking: () => false, beganInside: () => {} } };
}

const ASKED: AskedModel = { provider: "openai", model: "m", operation: "chat" };

function begin(
  run?: ReturnType<typeof runAround>["run"],
  asked: Partial<AskedModel> = {},
): ProviderModelCall {
  const { log, frameworkReports, elapsedMillis, clock } = bench;
  const onOver = () => {
    overs += 1;
  };
  const options = { log, frameworkReports, elapsedMillis, agentName: "planner", run: run as never, onOver };
  return new ProviderModelCall({ ...ASKED, ...asked }, clock.now, options);
}

/** What was recorded, without the question whether a span reports the call. */
const done = () => bench.done().filter(([name]) => name !== "report wasAskedInSpan");
const usage = { input: 3, output: 2, cachedInput: 0 };
const used = (model: string) => [
  ...["tokensUsed", "planner", usage, { operation: "chat", model, provider: "openai" }],
];
const success = { outcome: "success" } as const;

describe("a call outside any run", () => {
  it("is a step and an attempt, with its time and its tokens, once", () => {
    const call = begin();
    bench.clock.now += 1500;
    call.ended(success, { usage, model: "answered" });
    call.ended({ outcome: "failure" }, { usage });
    call.close();
    expect(done()).toEqual([
      used("answered"),
      ["stepEnded", "planner", "chat", { outcome: "success", seconds: 1.5 }],
      ["attempted", "planner", { taskType: "chat", outcome: "success", errorType: undefined }],
    ]);
    expect(overs).toBe(1);
  });

  it("that has failed has its error, and the tokens of the model that was asked", () => {
    begin().ended({ outcome: "failure", errorType: "429" }, { usage });
    expect(done()).toEqual([
      used("m"),
      ["stepEnded", "planner", "chat", { outcome: "failure", seconds: 0, errorType: "429" }],
      ["attempted", "planner", { taskType: "chat", outcome: "failure", errorType: "429" }],
    ]);
  });

  it("that was cancelled is no attempt", () => {
    begin().ended({ outcome: "cancelled" });
    expect(done()).toEqual([["stepEnded", "planner", "chat", { outcome: "cancelled", seconds: 0 }]]);
  });

  it("may have its tokens later, once", () => {
    const call = begin();
    call.ended(success);
    done();
    call.ended(success, {});
    call.ended(success, { usage });
    call.ended(success, { usage });
    expect(done()).toEqual([used("m")]);
  });

  it.each(["close", "lose", "withdraw"] as const)("records nothing after %s", (end) => {
    const call = begin();
    call[end]();
    call[end]();
    call.ended(success, { usage });
    call.retried();
    expect([done(), overs]).toEqual([[], 1]);
  });

  it("that is sent again has a failed attempt each time", () => {
    const call = begin();
    call.retried();
    const retried = [
      "attempted",
      "planner",
      { taskType: "chat", outcome: "failure", errorType: "retried_request" },
    ];
    expect(done()).toEqual([retried]);
    call.retried();
    expect(done()).toEqual([retried]);
  });

  it("has the time to the first output of a stream, by its model, once", () => {
    const call = begin();
    bench.clock.now += 250;
    call.firstTokenArrived();
    bench.clock.now += 250;
    call.firstTokenArrived();
    expect(done()).toEqual([]);
    call.ended(success, { model: "answered" });
    expect(done()[0]).toEqual(["firstTokenArrived", "planner", "answered", 0.25]);
    call.ended(success, { usage });
    expect(done()).toEqual([used("m")]);
  });
});

describe("a call within a run", () => {
  it("is a step of it, and ends as one", () => {
    const { run, told } = runAround();
    const call = begin(run);
    expect(told.splice(0)).toEqual([["goes on"], ["asked"]]);
    call.ended({ outcome: "failure", errorType: "429" }, { usage });
    expect(told).toEqual([["ended", "chat", "failure", "429"]]);
    expect(done()).toEqual([used("m")]);
  });

  it("that has ended before is an attempt of its own", () => {
    const { run, told } = runAround(true);
    const call = begin(run);
    told.splice(0);
    call.ended(success);
    expect(told).toEqual([]);
    expect(done().map(([name]) => name)).toEqual(["stepEnded", "attempted"]);
  });
});

it("what was used beside a call that a span reports counts, which the span lacks", () => {
  bench.isInSpan.value = true;
  begin().ended(success, { usage, model: "m-1", beside: [{ usage }, { usage, model: "wise" }, {}] });
  expect(done()).toEqual([used("m"), used("wise")]);
});

it("a call that a span reports too counts only there", () => {
  bench.isInSpan.value = true;
  const call = begin();
  call.retried();
  call.firstTokenArrived();
  call.ended(success, { usage });
  call.ended(success, { usage });
  expect(bench.done()).toEqual([
    ["report wasAskedInSpan", ASKED, 5000],
    ["report wasAskedInSpan", ASKED, 5000],
  ]);
  expect(overs).toBe(1);
});
