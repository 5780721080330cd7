import type { Attributes } from "@opentelemetry/api";
import { isCount, type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { readProperty } from "../../core/error-type.ts";
import { GENKIT } from "../../otel/semconv.ts";
import type { SpanOutcome } from "../work/span-outcome.ts";
import { text } from "./span-usage.ts";

interface Reading {
  readonly role: "agent" | "tool" | "model";
  readonly taskType: string;
  readonly agentName?: string;
  readonly toolName?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly usage?: TokenUsage;
  readonly ending?: SpanOutcome;
}

/** Longer outputs are not parsed. */
const MAX_OUTPUT = 200_000;
/** How the output of an agent begins whose turn did not end well. Texts of the model come later. */
const BAD_END =
  /^\{(?:"\w+":"[^"\\]{0,200}",)*"finishReason":"(failed|aborted)"(?:,"error":\{"status":"(\w{1,60})")?/;

/** Reads the spans of Genkit: its flows and agents, and the tools and models that they call. */
export function ofGenkit(name: string, attributes: Attributes): Reading | undefined {
  const type = text(attributes, GENKIT.type);
  // A prompt is a part of its flow. Outside any, it is all that is known of the agent.
  if (type === "dotprompt")
    return attributes[GENKIT.isRoot] === true ? agent(name, "invoke_agent") : undefined;
  if (type !== "action") return undefined;
  switch (text(attributes, GENKIT.subtype)) {
    case "flow":
      return agent(name, "invoke_workflow");
    case "agent":
      return { ...agent(name, "invoke_agent"), ...badEndOf(attributes) };
    case "tool":
    case "tool.v2":
      return { role: "tool", taskType: `execute_tool ${name}`, toolName: name };
    case "model":
      return { role: "model", taskType: "chat", ...modelOf(name), ...usageOfOutput(attributes) };
    default:
      return undefined;
  }
}

function agent(agentName: string, taskType: string): Reading {
  return { role: "agent", taskType, agentName };
}

/** The name of a model begins with that of its plugin. */
function modelOf(name: string): { readonly model: string; readonly provider?: string } {
  const end = name.indexOf("/");
  return end < 0 ? { model: name } : { model: name.slice(end + 1), provider: name.slice(0, end) };
}

/** An agent does not throw if its turn fails: its span has no error, but its output a reason. */
function badEndOf(attributes: Attributes): { readonly ending?: SpanOutcome } {
  const [, reason, status] = BAD_END.exec(text(attributes, GENKIT.output) ?? "") ?? [];
  if (reason === undefined) return {};
  if (reason === "aborted") return { ending: { outcome: "cancelled" } };
  return { ending: { outcome: "failure", ...(status === undefined ? {} : { errorType: status }) } };
}

function usageOfOutput(attributes: Attributes): { readonly usage?: TokenUsage } {
  const json = attributes[GENKIT.output];
  if (typeof json !== "string" || json.length > MAX_OUTPUT || !json.includes('"usage"')) return {};
  try {
    const usage = usageIn(readProperty(JSON.parse(json), "usage"));
    return usage === undefined ? {} : { usage };
  } catch {
    return {};
  }
}

/** Some plugins count thoughts as a part of the output, others beside it. The total shows which. */
function usageIn(usage: unknown): TokenUsage | undefined {
  const count = (key: string): number | undefined => {
    const value = readProperty(usage, key);
    return isCount(value) ? value : undefined;
  };
  const [input, output, thoughts = 0] = [
    count("inputTokens"),
    count("outputTokens"),
    count("thoughtsTokens"),
  ];
  const isApart = (input ?? 0) + (output ?? 0) + thoughts <= (count("totalTokens") ?? 0);
  const all = isApart && thoughts > 0 ? (output ?? 0) + thoughts : output;
  return tokenUsage(input, all, count("cachedContentTokens"));
}
