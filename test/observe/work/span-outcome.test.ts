import { SpanStatusCode } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { outcomeOf } from "../../../src/observe/work/span-outcome.ts";

const exception = (type: string, trace?: string) => [
  {
    name: "exception",
    attributes: { "exception.type": type, ...(trace === undefined ? {} : { "exception.stacktrace": trace }) },
  },
];

it.for([
  { code: SpanStatusCode.UNSET, ended: { outcome: "success" } },
  { code: SpanStatusCode.OK, events: exception("TypeError"), ended: { outcome: "success" } },
  { code: SpanStatusCode.OK, errorType: "TypeError", ended: { outcome: "success" } },
  { code: SpanStatusCode.UNSET, errorType: "429", ended: { outcome: "failure", errorType: "429" } },
  { code: SpanStatusCode.ERROR, ended: { outcome: "failure" } },
  {
    code: SpanStatusCode.ERROR,
    events: exception("TypeError"),
    ended: { outcome: "failure", errorType: "TypeError" },
  },
  { code: SpanStatusCode.ERROR, errorType: "AbortError", ended: { outcome: "cancelled" } },
  // A tool of Genkit that asks a person.
  { code: SpanStatusCode.ERROR, events: exception("ToolInterruptError"), ended: { outcome: "cancelled" } },
  { code: SpanStatusCode.ERROR, errorType: "asyncio.CancelledError", ended: { outcome: "cancelled" } },
  { code: SpanStatusCode.ERROR, errorType: "cancelled", ended: { outcome: "cancelled" } },
  { code: SpanStatusCode.ERROR, events: exception("AbortError"), ended: { outcome: "cancelled" } },
  // The code of a DOMException is a number: its class is at the start of its stack trace.
  {
    code: SpanStatusCode.ERROR,
    events: exception("20", "AbortError: stop\n    at run (a.js:1:1)"),
    ended: { outcome: "cancelled" },
  },
  {
    code: SpanStatusCode.ERROR,
    events: exception("20", "    at run (a.js:1:1)"),
    ended: { outcome: "failure", errorType: "20" },
  },
  {
    code: SpanStatusCode.ERROR,
    errorType: "NotAbortable",
    ended: { outcome: "failure", errorType: "NotAbortable" },
  },
])("status $code, error.type $errorType: $ended.outcome", ({ code, errorType, events = [], ended }) => {
  const attributes = errorType === undefined ? {} : { "error.type": errorType };
  expect(outcomeOf({ attributes, events, status: { code } })).toEqual(ended);
});
