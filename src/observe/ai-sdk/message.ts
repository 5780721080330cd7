import type { Invocation } from "../work/invocation.ts";
import { usageOf } from "./usage.ts";

/** What the SDK publishes: the same object at the start and at the end of a piece of work. Only these are read. */
export interface Message {
  readonly type: string;
  readonly event?: {
    readonly callId?: string;
    readonly functionId?: string;
    readonly aiVersion?: string;
    readonly provider?: string;
    readonly modelId?: string;
    readonly toolCall?: { readonly toolName?: string };
  };
  readonly result?: {
    readonly output?: { readonly type?: string; readonly error?: unknown };
    readonly usage?: unknown;
  };
  readonly error?: unknown;
}

/** What is told of a model call that has ended. */
export interface ModelEnd {
  readonly callId?: string;
  readonly provider?: string | undefined;
  readonly modelId?: string | undefined;
  readonly usage?: unknown;
}

export function modelEndOf(event: Message["event"], usage: unknown): ModelEnd {
  return { provider: event?.provider, modelId: event?.modelId, usage };
}

/** Of `openai.responses` the first part is the provider. */
export function tellTokens(invocation: Invocation, { usage, modelId, provider }: ModelEnd): void {
  invocation.modelAnswered(usageOf(usage), { model: modelId, provider: provider?.split(".")[0] });
}
