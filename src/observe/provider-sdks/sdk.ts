import type { AwaitedClass } from "../work/loaded-class.ts";
import { readChatCompletion, readGeneratedContent, readMessage, readResponse } from "./answer.ts";
import type { ReadPart } from "./answer-log.ts";

/** A class of an SDK with methods that call a model. */
export interface ModelResource extends AwaitedClass {
  readonly methods: readonly string[];
  readonly read: ReadPart;
}

const CREATE = ["create"];

/** The SDK of a provider. */
export interface ProviderSdk {
  readonly packageName: string;
  /** The provider's name in the GenAI conventions. */
  readonly provider: string;
  readonly resources: readonly ModelResource[];
  /** Whether its methods return plain promises. Absent: they return promises of its own class. */
  readonly hasPlainPromises?: boolean;
}

/** OpenAI's SDK: chat completions and responses, also those of its beta. */
export const OPENAI: ProviderSdk = {
  packageName: "openai",
  provider: "openai",
  resources: [
    {
      key: "otel-forecast.openai.chat",
      className: "Completions",
      isDefinedAt: (url) => /\/openai\/resources\/chat\/completions\/completions\.m?js$/.test(url),
      methods: CREATE,
      read: readChatCompletion,
    },
    ...["responses", "beta/responses"].map((folder) => ({
      key: `otel-forecast.openai.${folder}`,
      className: "Responses",
      isDefinedAt: (url: string) => new RegExp(`/openai/resources/${folder}/responses\\.m?js$`).test(url),
      methods: CREATE,
      read: readResponse,
    })),
  ],
};

/** Anthropic's SDK: messages, also those of its beta. */
export const ANTHROPIC: ProviderSdk = {
  packageName: "@anthropic-ai/sdk",
  provider: "anthropic",
  resources: ["messages", "beta/messages"].map((folder) => ({
    key: `otel-forecast.anthropic.${folder}`,
    className: "Messages",
    isDefinedAt: (url) => new RegExp(`/@anthropic-ai/sdk/resources/${folder}/messages\\.m?js$`).test(url),
    methods: CREATE,
    read: readMessage,
  })),
};

/**
 * Google's SDK. Its public methods are made for each object and may call a model several times; each
 * call goes through one of these.
 */
export const GOOGLE: ProviderSdk = {
  packageName: "@google/genai",
  provider: "gcp.gen_ai",
  hasPlainPromises: true,
  resources: [
    {
      key: "otel-forecast.google-genai",
      className: "Models",
      isDefinedAt: (url) => /\/@google\/genai\/dist\/(node\/|web\/)?index\.[cm]?js$/.test(url),
      methods: ["generateContentInternal", "generateContentStreamInternal"],
      read: readGeneratedContent,
    },
  ],
};
