import { afterEach, describe, expect, it, vi } from "vitest";
import { type RecordedEnd, ways } from "./ways-to-run.ts";

interface Ending {
  readonly title: string;
  readonly error: () => Error;
  readonly recorded: RecordedEnd;
  /** Where only the name of the error is told, and that is another. */
  readonly recordedByName?: RecordedEnd;
}

const cancelled = { outcome: "cancelled" };
const failure = (errorType: string): RecordedEnd => ({ outcome: "failure", errorType });
const aborted = () => new DOMException("This operation was aborted", "AbortError");
const late = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");
const refused = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

/** As Node throws it where a signal has aborted; `cause` is the reason of the signal. */
function abortOfNode(cause: Error): Error {
  const error = new Error("The operation was aborted", { cause });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}

const endings: readonly Ending[] = [
  { title: "a RangeError", error: () => new RangeError("no"), recorded: failure("RangeError") },
  { title: "an AbortError", error: aborted, recorded: cancelled },
  { title: "an abort of Node", error: () => abortOfNode(aborted()), recorded: cancelled },
  {
    title: "an error that an abort caused",
    error: () => new TypeError("call failed", { cause: aborted() }),
    recorded: cancelled,
    recordedByName: failure("TypeError"),
  },
  { title: "a time limit", error: late, recorded: failure("TimeoutError") },
  {
    title: "an abort of Node by a time limit",
    error: () => abortOfNode(late()),
    recorded: failure("TimeoutError"),
    recordedByName: cancelled,
  },
  {
    title: "an error that a system error caused",
    error: () => new TypeError("fetch failed", { cause: refused() }),
    recorded: failure("ECONNREFUSED"),
    recordedByName: failure("TypeError"),
  },
];

describe.for(ways)("a task that is run by $title", ({ fail, isByName }) => {
  afterEach(() => vi.restoreAllMocks());

  it.for(endings)("and ended by $title is recorded the same way", async (ending) => {
    const expected = (isByName ? ending.recordedByName : undefined) ?? ending.recorded;
    expect(await fail(ending.error())).toEqual([expected]);
  });
});
