import { describe, expect, it } from "vitest";
import { endingOfError, endingOfErrorName, isAbort, isTimeout } from "../../src/agents/error-policy.ts";
import { errorTypeOf } from "../../src/core/error-type.ts";

const aborted = new DOMException("given up", "AbortError");
const late = new DOMException("too late", "TimeoutError");
const refused = Object.assign(new Error("no"), { code: "ECONNREFUSED" });
const coded = (code: unknown, name = "Error") => Object.assign(new Error("no"), { code, name });
const nested = (depth: number, innermost: unknown): unknown =>
  depth === 0 ? innermost : new Error("wrapped", { cause: nested(depth - 1, innermost) });

/** Its name stays `Error`, as that of OpenAI's client. */
class APIUserAbortError extends Error {}
class NoRoom extends Error {}
class T extends Error {}

describe("work that ended by an abort is cancelled", () => {
  it.each<[what: string, error: unknown]>([
    ["an AbortError", aborted],
    ["the reason of a signal", AbortSignal.abort().reason],
    ["an error that an AbortError caused", new Error("call failed", { cause: aborted })],
    ["an error with an AbortError deep in its causes", nested(5, aborted)],
    ["the last attempt of several", Object.assign(new Error("tried"), { lastError: aborted })],
    ["an abort of Node", coded("ABORT_ERR", "AbortError")],
    ["a cancelled request of axios", coded("ERR_CANCELED", "CanceledError")],
    ["an aborted request of OpenAI's client", new APIUserAbortError("Request was aborted.")],
    ["an aborted model of LangChain", coded(undefined, "ModelAbortError")],
  ])("%s", (_, error) => {
    expect(endingOfError(error)).toEqual({ outcome: "cancelled" });
    expect(isAbort(error)).toBe(true);
  });
});

describe("work that ended by a time limit is a failure", () => {
  it.each<[what: string, error: unknown, errorType: string]>([
    ["a TimeoutError", late, "TimeoutError"],
    [
      "an abort that a time limit caused",
      new DOMException("x", { name: "AbortError", cause: late }),
      "TimeoutError",
    ],
    [
      "a time limit that aborted the work",
      new DOMException("x", { name: "TimeoutError", cause: aborted }),
      "TimeoutError",
    ],
    [
      "an abort by a connection that timed out",
      new DOMException("x", { name: "AbortError", cause: coded("ETIMEDOUT") }),
      "ETIMEDOUT",
    ],
  ])("%s", (_, error, errorType) => {
    expect(endingOfError(error)).toEqual({ outcome: "failure", errorType });
    expect(isTimeout(error)).toBe(true);
  });
});

describe("the type of a failure", () => {
  it.each<[what: string, error: unknown, errorType: string]>([
    ["its system code", refused, "ECONNREFUSED"],
    ["the system code of its cause", new TypeError("fetch failed", { cause: refused }), "ECONNREFUSED"],
    ["the system code deep in its causes", nested(5, refused), "ECONNREFUSED"],
    ["its class", new RangeError("no"), "RangeError"],
    ["its class where its name is that of all errors", new NoRoom("no"), "NoRoom"],
    ["its name where a minifier has named its class", new T("no"), "Error"],
    ["its name where its class has none", new (class extends Error {})("no"), "Error"],
    ["its class where the code may be an id", coded("user 17"), "Error"],
    ["its class where the code is a number", coded(404), "Error"],
    [
      "the class of the last attempt",
      Object.assign(new Error("no"), { lastError: new RangeError("no") }),
      "RangeError",
    ],
    ["the name of an object of another realm", { name: "RangeError" }, "RangeError"],
    ["unknown without a name", { message: "no" }, "unknown"],
    ["that of a value that is no object", "no", "string"],
    ["that of nothing", undefined, "undefined"],
  ])("is %s", (_, error, errorType) => {
    expect(endingOfError(error)).toEqual({ outcome: "failure", errorType });
    expect(errorTypeOf(error)).toBe(errorType);
  });
});

describe("an error that does not let itself be read", () => {
  const hostile = (): never => {
    throw new Error("keep off");
  };
  const cycle = new Error("one");
  cycle.cause = new Error("other", { cause: cycle });
  const lastOfItself: { lastError?: unknown } = {};
  lastOfItself.lastError = lastOfItself;
  const endless: object = new Proxy({}, { get: () => endless });

  it.each<[what: string, error: unknown, errorType: string]>([
    ["a proxy that throws", new Proxy(new Error("x"), { get: hostile, getPrototypeOf: hostile }), "unknown"],
    [
      "getters that throw",
      Object.defineProperties(new Error("x"), { name: { get: hostile }, cause: { get: hostile } }),
      "Error",
    ],
    ["a cycle of causes", cycle, "Error"],
    ["an attempt that is its own last one", lastOfItself, "unknown"],
    ["a proxy without an end", endless, "unknown"],
  ])("is a failure: %s", (_, error, errorType) => {
    expect(endingOfError(error)).toEqual({ outcome: "failure", errorType });
  });

  it("is cancelled where an abort is among the causes before it", () => {
    const error = new DOMException("x", { name: "AbortError", cause: endless });
    expect(endingOfError(error)).toEqual({ outcome: "cancelled" });
  });
});

describe("a name alone", () => {
  it.each([
    "AbortError",
    "ABORT_ERR",
    "asyncio.CancelledError",
    "cancelled",
    "APIUserAbortError",
    "CanceledError",
  ])("%s is cancelled", (name) => expect(endingOfErrorName(name)).toEqual({ outcome: "cancelled" }));

  it.each(["TimeoutError", "NotAbortable", "TransactionAbortedError", "429"])("%s is a failure", (name) =>
    expect(endingOfErrorName(name)).toEqual({ outcome: "failure", errorType: name }),
  );
});
