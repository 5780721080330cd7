import Anthropic from "@anthropic-ai/sdk";
import { Stream } from "@anthropic-ai/sdk/core/streaming";
import { Messages as BetaMessages } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { Messages } from "@anthropic-ai/sdk/resources/messages/messages";
import { GoogleGenAI, Models } from "@google/genai";
import OpenAI from "openai";
import { Responses as BetaResponses } from "openai/resources/beta/responses/responses";
import { Completions } from "openai/resources/chat/completions/completions";
import { Completions as OlderCompletions } from "openai/resources/completions";
import { Decisions } from "openai/resources/decisions";
import { Embeddings } from "openai/resources/embeddings";
import { Responses } from "openai/resources/responses/responses";
import { type Mock, onTestFinished, vi } from "vitest";
import { ProviderSdkObserver, type ResourceClass } from "../../../src/observe/provider-sdks/provider-sdks.ts";
import { ANTHROPIC, GOOGLE, OPENAI, type ProviderSdk } from "../../../src/observe/provider-sdks/sdk.ts";
import type { StreamClass } from "../../../src/observe/provider-sdks/taken-responses.ts";
import type { WorkBench } from "../bench-of-work.ts";

const client = { apiKey: "none", maxRetries: 0 };

export const openaiAt = (url: string): OpenAI => new OpenAI({ ...client, baseURL: url });
export const anthropicAt = (url: string): Anthropic => new Anthropic({ ...client, baseURL: url });
export const googleAt = (url: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey: "none", vertexai: false, httpOptions: { baseUrl: url } });

/** Google exports only types of these classes. */
function unnamedClasses(): readonly unknown[] {
  const { interactions, decisions } = googleAt("http://127.0.0.1");
  const { getClient } = interactions as unknown as { getClient(): { readonly interactions: object } };
  const ofStreams = getClient.call(interactions).interactions;
  return [interactions, ofStreams, decisions].map((it) => it.constructor);
}

const CLASSES: readonly (readonly [ProviderSdk, readonly unknown[]])[] = [
  [OPENAI, [Completions, Responses, BetaResponses, OlderCompletions, Decisions, Embeddings]],
  [ANTHROPIC, [Messages, BetaMessages]],
  [GOOGLE, [Models, Models, ...unnamedClasses()]],
];

/** Observes the SDKs of all providers. */
export function observeSdks({ work }: WorkBench): ProviderSdkObserver[] {
  return CLASSES.map(([sdk, classes]) => {
    const observer = new ProviderSdkObserver(work, sdk);
    sdk.resources.forEach((resource, index) => {
      observer.join(resource, classes[index] as ResourceClass);
    });
    if (sdk === ANTHROPIC) observer.joinStreams(Stream as unknown as StreamClass);
    return observer;
  });
}

/** What is called in place of the end of the process, until the test has finished. */
export function unhandledRejections(): Mock {
  const unhandled = vi.fn();
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", unhandled);
  onTestFinished(() => {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  });
  return unhandled;
}
