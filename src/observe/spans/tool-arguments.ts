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

/** A digest of the arguments of a tool call, if its span has them. */
export function argumentsDigestOf(attributes: Attributes): number | undefined {
  return digestOf(text(attributes, ...ARGUMENTS));
}
