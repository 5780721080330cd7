import { expect, it } from "vitest";
import { argumentsDigestOf } from "../../../src/observe/spans/tool-arguments.ts";
import { digestOf } from "../../../src/observe/work/repeated-calls.ts";
import {
  AI_SDK,
  GENKIT,
  GOOGLE_ADK,
  OPEN_INFERENCE,
  OPEN_LLMETRY,
  TOOL_ARGUMENTS,
} from "../../../src/otel/semconv.ts";

/** The conventions first, then those that name the arguments, last those that have any input of a span. */
const KEYS = [
  TOOL_ARGUMENTS,
  AI_SDK.toolArguments,
  GOOGLE_ADK.toolArguments,
  OPEN_INFERENCE.input,
  OPEN_LLMETRY.input,
  GENKIT.input,
];

it.each(KEYS.map((key, place) => ({ key, place })))(
  "reads the arguments at $key before those that follow",
  ({ place }) => {
    const later = KEYS.slice(place);
    const attributes = Object.fromEntries(later.toReversed().map((key) => [key, `at ${key}`]));
    expect(argumentsDigestOf({ attributes, events: [] })).toBe(digestOf(`at ${KEYS[place]}`));
  },
);

it("has none without arguments", () => {
  expect(
    argumentsDigestOf({ attributes: { other: "text" }, events: [{ name: "gen_ai.tool.message" }] }),
  ).toBeUndefined();
});

it.each([
  ["the text in their place", { "input.value": "__REDACTED__" }],
  [
    "an object without keys, as is the result",
    { "gcp.vertex.agent.tool_call_args": "{}", "gcp.vertex.agent.tool_response": "{}" },
  ],
])("has none that are hidden by %s", (_, attributes) => {
  expect(argumentsDigestOf({ attributes, events: [] })).toBeUndefined();
});

it("are those of a tool that takes none, where the result is recorded", () => {
  const attributes = { "gcp.vertex.agent.tool_call_args": "{}", "gcp.vertex.agent.tool_response": '{"a":1}' };
  expect(argumentsDigestOf({ attributes, events: [] })).toBe(digestOf("{}"));
});
