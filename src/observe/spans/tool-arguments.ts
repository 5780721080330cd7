import type { Attributes } from "@opentelemetry/api";
import {
  AI_SDK,
  GENKIT,
  GOOGLE_ADK,
  OPEN_INFERENCE,
  OPEN_LLMETRY,
  STRANDS,
  TOOL_ARGUMENTS,
} from "../../otel/semconv.ts";
import { digestOf } from "../work/repeated-calls.ts";
import type { SpanStatusFields } from "../work/span-outcome.ts";
import { text } from "./span-usage.ts";

const ARGUMENTS = [
  TOOL_ARGUMENTS,
  AI_SDK.toolArguments,
  GOOGLE_ADK.toolArguments,
  OPEN_INFERENCE.input,
  OPEN_LLMETRY.input,
  GENKIT.input,
];

/** What OpenInference writes in place of arguments that are hidden. */
const HIDDEN = "__REDACTED__";

/** The part of the span of a tool that is read. */
type ToolSpan = Pick<SpanStatusFields, "attributes" | "events">;

/** A digest of the arguments of a tool call, if its span has them. */
export function argumentsDigestOf({ attributes, events }: ToolSpan): number | undefined {
  const asked = events.find(({ name }) => name === STRANDS.toolCall)?.attributes ?? {};
  const given = text(attributes, ...ARGUMENTS) ?? text(asked, STRANDS.toolArguments);
  return given === HIDDEN || areHiddenInAdk(attributes) ? undefined : digestOf(given);
}

/** Google ADK then writes the arguments and the result of each call as objects without keys. */
function areHiddenInAdk(attributes: Attributes): boolean {
  return attributes[GOOGLE_ADK.toolArguments] === "{}" && attributes[GOOGLE_ADK.toolResult] === "{}";
}
