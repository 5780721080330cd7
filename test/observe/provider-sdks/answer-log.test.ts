import { beforeEach, describe, expect, it } from "vitest";
import type { AnswerPart } from "../../../src/observe/provider-sdks/answer.ts";
import { AnswerLog } from "../../../src/observe/provider-sdks/answer-log.ts";

/** What was recorded of the call, in order. */
const recorded: unknown[] = [];
const reported: unknown[] = [];
let isBroken = false;
let log: AnswerLog;

function record(...what: unknown[]): void {
  recorded.push(what.length === 1 ? what[0] : what);
  if (isBroken) throw new Error("broken");
}

beforeEach(() => {
  recorded.splice(0);
  reported.splice(0);
  isBroken = false;
  const call = {
    firstTokenArrived: () => record("first token"),
    retried: () => record("retried"),
    close: () => record("closed"),
    ended: (how: object, answer: object) => record(how, answer),
  };
  const read = (part: unknown): AnswerPart => {
    if (part === BROKEN) throw new Error("not read");
    return part as AnswerPart;
  };
  log = new AnswerLog(call as never, read, (error) => reported.push((error as Error).message));
});

const BROKEN = {};
const usage = (input: number, output: number, cachedInput = 0, cacheWrite = 0) => ({
  ...{ input, output, cachedInput },
  ...(cacheWrite === 0 ? {} : { cacheWrite }),
});
const success = { outcome: "success" };
const failure = (errorType: string) => ({ outcome: "failure", errorType });
const nothing = { usage: undefined, model: undefined, beside: undefined };

describe("an answer", () => {
  it("is recorded with its tokens and its model", () => {
    log.answered({ usage: usage(3, 2), model: "m", hasOutput: true });
    expect(recorded).toEqual([[success, { usage: usage(3, 2), model: "m" }]]);
  });

  it.each([null, undefined, "text", 7])("that is %j has none", (answer) => {
    log.answered(answer);
    expect(recorded).toEqual([[success, nothing]]);
    expect(reported).toEqual([]);
  });

  it("that can't be read is an answer, and is reported", () => {
    log.answered(BROKEN);
    expect(recorded).toEqual([[success, nothing]]);
    expect(reported).toEqual(["not read"]);
  });

  it("that tells of an error has failed", () => {
    log.answered({ usage: usage(3, 0), model: "m", errorType: "response.failed" });
    expect(recorded).toEqual([[failure("response.failed"), { usage: usage(3, 0), model: "m" }]]);
  });

  it("may be left unread, or never come", () => {
    log.leftUnread();
    log.abandoned();
    expect(recorded).toEqual([[success, nothing], "closed"]);
  });

  it("may fail, or be cancelled", () => {
    log.failed(Object.assign(new Error("no"), { status: 429 }));
    log.failed(new DOMException("stopped", "AbortError"));
    expect(recorded).toMatchObject([
      [{ outcome: "failure" }, nothing],
      [{ outcome: "cancelled" }, nothing],
    ]);
  });
});

describe("a stream", () => {
  it("has the first part with output of the model, and each one that is sent again", () => {
    log.part({ hasOutput: false });
    log.retried();
    log.part({ hasOutput: true });
    log.part(null);
    expect(recorded).toEqual(["retried", "first token"]);
  });

  it("has the largest counts of its parts, and the last model that it named", () => {
    log.part({ usage: usage(10, 0, 6, 3), model: "asked" });
    log.part({ usage: usage(8, 4, 2, 1), model: "answered" });
    log.part({ usage: usage(12, 3) });
    log.part({ usage: undefined, model: undefined });
    log.streamLeft();
    expect(recorded).toEqual([[{ outcome: "cancelled" }, { usage: usage(12, 4, 6, 3), model: "answered" }]]);
  });

  it.each<[readonly AnswerPart[], boolean, object]>([
    [[], false, failure("stream_error")],
    [[{}], false, failure("stream_error")],
    [[{ isComplete: false }], true, { outcome: "cancelled" }],
    [[{ isComplete: true }], false, success],
    [[{ isComplete: true }, { isComplete: false }], true, success],
    [[{ errorType: "overloaded" }, { isComplete: true }], false, failure("overloaded")],
    [[{ errorType: "overloaded" }, { errorType: undefined }], true, failure("overloaded")],
    [[{ errorType: "overloaded" }, { errorType: "other" }], true, failure("other")],
  ])("with the parts %j that was aborted: %s ends as %j", (parts, wasAborted, how) => {
    for (const part of parts) log.part(part);
    log.streamEnded(wasAborted);
    expect(recorded).toEqual([[how, nothing]]);
  });
});

it("never throws into the application: what can't be recorded is reported", () => {
  isBroken = true;
  log.part({ hasOutput: true });
  log.retried();
  log.answered({});
  expect(reported).toEqual(["broken", "broken", "broken"]);
});
