import { SpanStatusCode } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { endingOf } from "../../../src/observe/spans/span-ending.ts";

const OK = { code: SpanStatusCode.OK };
const choice = (finishReason: string) => [
  { name: "gen_ai.choice", attributes: { finish_reason: finishReason } },
];
const failed = { "gen_ai.tool.status": "error" };

it.each([
  [
    "a tool without an error that has not worked",
    failed,
    [],
    { outcome: "failure", errorType: "tool_error" },
  ],
  ["a tool that has worked", { "gen_ai.tool.status": "success" }, [], { outcome: "success" }],
  ["an agent that was cancelled", {}, choice("cancelled"), { outcome: "cancelled" }],
  ["an agent that has answered", {}, choice("endTurn"), { outcome: "success" }],
  [
    "a span with other events",
    {},
    [{ name: "other", attributes: { finish_reason: "cancelled" } }, { name: "gen_ai.choice" }],
    { outcome: "success" },
  ],
])("%s in Strands, whose status is OK, is known", (_, attributes, events, ending) => {
  expect(endingOf({ name: "work", attributes, status: OK, events })).toEqual(ending);
});

it("the error of a tool of Strands is that of its span", () => {
  const events = [{ name: "exception", attributes: { "exception.type": "RangeError" } }];
  const status = { code: SpanStatusCode.ERROR };
  const ending = { outcome: "failure", errorType: "RangeError" };
  expect(endingOf({ name: "work", attributes: failed, status, events })).toEqual(ending);
});
