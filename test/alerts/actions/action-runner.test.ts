import { beforeEach, describe, expect, it } from "vitest";
import { ActionRunner } from "../../../src/alerts/actions/action-runner.ts";
import type { ActionCall, ActionFunction } from "../../../src/alerts/entries.ts";
import type { ResolvedAction } from "../../../src/alerts/resolved.ts";
import { actionTo, firing, requestFor } from "../alerts.ts";
import { ManualClock, turns } from "../manual-clock.ts";

let clock: ManualClock;
let ended: string[];
let runner: ActionRunner;

function newRunner(actionsPerHour = 10, functions = new Map<string, ActionFunction>()): ActionRunner {
  return new ActionRunner({
    actionsPerHour,
    clock,
    functions,
    ended: ({ action }, outcome, detail) =>
      ended.push(`${action.name} ${outcome}${detail === "" ? "" : `: ${detail}`}`),
  });
}

function calling(run: ActionFunction, over: Partial<ResolvedAction> = {}): ResolvedAction {
  return actionTo({ kind: "function", name: "run", run }, { retries: 0, ...over });
}

beforeEach(() => {
  clock = new ManualClock();
  ended = [];
  runner = newRunner();
});

function refuse(): never {
  throw new Error("no");
}

describe("an action that is a function", () => {
  it("receives the alert, a signal and a key", async () => {
    const told: unknown[] = [];
    runner.run(requestFor(calling((alert, call) => told.push(alert, call.idempotencyKey, call.attempt))));
    await turns();
    expect(told).toEqual([firing, "0123456789abcdef", 1]);
    expect(ended).toEqual(["act succeeded"]);
  });

  it("is only observed unless its mode is act", async () => {
    const throwing = calling(() => expect.unreachable(), { acts: false });
    runner.run(requestFor(throwing));
    await turns();
    expect(ended).toEqual(["act observed"]);
  });

  it.each([
    ["an object without a text", () => Object.create(null)],
    ["an error whose message throws", () => Object.defineProperty(new Error(), "message", { get: refuse })],
    ["a symbol", () => Symbol("x")],
    ["nothing", () => undefined],
  ])("does not harm the caller if it rejects with %s", async (_, thrown) => {
    runner.run(requestFor(calling(() => Promise.reject(thrown()), { key: "a" } as never)));
    await turns();
    expect(ended).toEqual([expect.stringMatching(/^act failed/)]);
    await runner.stop();
  });

  it("does not harm the caller if it throws, rejects, or throws undefined", async () => {
    runner.run(
      requestFor(
        calling(() => {
          throw new Error("no");
        }),
        { key: "a" },
      ),
    );
    runner.run(
      requestFor(
        calling(() => Promise.reject(undefined)),
        { key: "b" },
      ),
    );
    runner.run(
      requestFor(
        calling(() => 1, { name: "other" }),
        { key: "c" },
      ),
    );
    await turns();
    expect(ended.toSorted()).toEqual(["act failed: Error", "act failed: undefined", "other succeeded"]);
  });

  it("fails without a retry if it is not registered", async () => {
    const missing = actionTo({ kind: "function", name: "restart", run: undefined });
    runner.run(requestFor(missing));
    await turns();
    expect(ended).toEqual(['act failed: no function "restart" is registered']);
    const registered = newRunner(10, new Map([["restart", () => 1]]));
    registered.run(requestFor(missing));
    await turns();
    expect(ended.at(-1)).toBe("act succeeded");
  });
});

describe("the time limit", () => {
  it("aborts the signal, and a function that stops may be retried", async () => {
    const attempts: ActionCall[] = [];
    const heeding = calling(
      (_, call) => {
        attempts.push(call);
        return new Promise((_resolve, reject) => {
          call.signal.addEventListener("abort", () => reject(call.signal.reason));
        });
      },
      { retries: 1 },
    );
    runner.run(requestFor(heeding));
    await turns();
    await clock.advance(9_999);
    expect(attempts[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(attempts[0]?.signal.aborted).toBe(true);
    await clock.advance(1000);
    expect(attempts.map(({ attempt, idempotencyKey }) => [attempt, idempotencyKey])).toEqual([
      [1, "0123456789abcdef"],
      [2, "0123456789abcdef"],
    ]);
    await clock.advance(10_000);
    expect(ended).toEqual(["act timed_out: it exceeded its time limit"]);
  });

  it("keeps only the key of a hung function taken until the function ends", async () => {
    let letGo: () => void = () => {};
    const started: string[] = [];
    const hanging = calling(
      () => {
        started.push("hanging");
        return new Promise<void>((resolve) => {
          letGo = resolve;
        });
      },
      { retries: 5 },
    );
    runner.run(requestFor(hanging));
    await turns();
    await clock.advance(10_000);
    await clock.advance(1000);
    expect(ended).toEqual(["act timed_out: it exceeded its time limit"]);
    const next = calling(() => started.push("next"));
    runner.run(requestFor(next));
    runner.run(requestFor(next, { key: "another" }));
    await clock.advance(100_000);
    expect(started).toEqual(["hanging", "next"]);
    letGo();
    await turns();
    expect(started).toEqual(["hanging", "next", "next"]);
  });
});

describe("retries", () => {
  it("come after random waits, whose maximum doubles", async () => {
    let left = 3;
    const flaky = calling(
      () => {
        if (left-- > 0) throw new Error("not yet");
      },
      { retries: 3 },
    );
    clock.chance = 0.5;
    runner.run(requestFor(flaky));
    for (const millis of [500, 1000, 2000]) {
      await turns();
      await clock.advance(millis);
    }
    expect(ended).toEqual(["act succeeded"]);
    expect(clock.asked.filter((millis) => millis !== 10_000)).toEqual([500, 1000, 2000]);
  });

  it("end at the maximum of the action, and at the maximum of the hour", async () => {
    const failing = calling(
      () => {
        throw new Error("never");
      },
      { retries: 2 },
    );
    clock.chance = 0;
    runner = newRunner(3);
    for (const key of ["a", "b", "c"]) {
      runner.run(requestFor(failing, { key }));
      for (let step = 0; step < 5; step += 1) {
        await turns();
        await clock.advance(0);
      }
    }
    expect(ended).toEqual(["act failed: Error", "act failed: Error", "act failed: Error"]);
    // Two retries for the first, one for the second, none left for the third.
    expect(clock.asked.filter((millis) => millis === 0)).toHaveLength(3);
  });
});

describe("one at a time for each key", () => {
  it("lets the last request wait, and drops the others", async () => {
    const began: string[] = [];
    const finish: (() => void)[] = [];
    const slow = (name: string): ResolvedAction =>
      calling(() => {
        began.push(name);
        return new Promise<void>((resolve) => {
          finish.push(resolve);
        });
      });
    for (const name of ["first", "second", "third"]) runner.run(requestFor(slow(name)));
    await turns();
    expect(began).toEqual(["first"]);
    expect(ended).toEqual(["act superseded"]);
    finish[0]?.();
    await turns();
    expect(began).toEqual(["first", "third"]);
  });

  it("skips a request that is no longer wanted when its turn comes", async () => {
    let finish: () => void = () => {};
    runner.run(requestFor(calling(() => new Promise<void>((resolve) => (finish = resolve)))));
    runner.run(
      requestFor(
        calling(() => expect.unreachable()),
        { isStillWanted: () => false },
      ),
    );
    await turns();
    finish();
    await turns();
    expect(ended).toEqual(["act succeeded"]);
  });
});

describe("the budget", () => {
  it("is used by actions but not by their end, and is refilled over time", async () => {
    runner = newRunner(2);
    const action = calling(() => 1);
    for (const key of ["a", "b", "c"]) runner.run(requestFor(action, { key }));
    runner.run(requestFor(action, { key: "d", isFree: true }));
    runner.run(
      requestFor(
        calling(() => 1, { acts: false }),
        { key: "e" },
      ),
    );
    await turns();
    expect(ended.toSorted()).toEqual([
      "act observed",
      "act over_budget: the maximum of actions in an hour is reached",
      "act succeeded",
      "act succeeded",
      "act succeeded",
    ]);
    await clock.advance(3_600_000);
    runner.run(requestFor(action, { key: "c" }));
    await turns();
    expect(ended.at(-1)).toBe("act succeeded");
  });
});

describe("the end", () => {
  it("aborts running actions and waiting retries, and starts no more", async () => {
    let attempts = 0;
    const failing = calling(
      () => {
        attempts += 1;
        throw new Error("no");
      },
      { retries: 5, name: "failing" },
    );
    const hanging = calling(() => new Promise(() => {}), { name: "hanging" });
    runner.run(requestFor(failing));
    runner.run(requestFor(hanging));
    await turns();
    await runner.stop();
    expect(ended.toSorted()).toEqual(["failing cancelled", "hanging cancelled"]);
    runner.run(requestFor(calling(() => expect.unreachable())));
    await turns();
    expect(ended).toHaveLength(2);
    expect(attempts).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});
