import type { Attributes } from "@opentelemetry/api";
import {
  AI_SDK,
  GENKIT,
  GOOGLE_ADK,
  OPEN_INFERENCE,
  OPEN_LLMETRY,
  TOOL_ARGUMENTS,
} from "../../otel/semconv.ts";
import { digestOf } from "../work/repeated-calls.ts";
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

/** A digest of the arguments of a tool call, if its span has them. */
export function argumentsDigestOf(attributes: Attributes): number | undefined {
  const given = text(attributes, ...ARGUMENTS);
  return given === HIDDEN || areHiddenInAdk(attributes) ? undefined : digestOf(given);
}

/** Google ADK then writes the arguments and the result of each call as objects without keys. */
function areHiddenInAdk(attributes: Attributes): boolean {
  return attributes[GOOGLE_ADK.toolArguments] === "{}" && attributes[GOOGLE_ADK.toolResult] === "{}";
}
