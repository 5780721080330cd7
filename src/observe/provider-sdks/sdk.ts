import type { AwaitedClass } from "../work/loaded-class.ts";
import { readChatCompletion, readMessage, readResponse } from "./answer.ts";
import type { ReadPart } from "./answer-log.ts";

/** A class of an SDK whose `create` calls a model. */
export interface ModelResource extends AwaitedClass {
  readonly read: ReadPart;
}

/** The SDK of a provider. */
export interface ProviderSdk {
  readonly packageName: string;
  /** The provider's name in the GenAI conventions. */
  readonly provider: string;
  readonly resources: readonly ModelResource[];
}

/** OpenAI's SDK: chat completions and responses. */
export const OPENAI: ProviderSdk = {
  packageName: "openai",
  provider: "openai",
  resources: [
    {
      key: "otel-forecast.openai.chat",
      className: "Completions",
      isDefinedAt: (url) => /\/openai\/resources\/chat\/completions\/completions\.m?js$/.test(url),
      read: readChatCompletion,
    },
    {
      key: "otel-forecast.openai.responses",
      className: "Responses",
      isDefinedAt: (url) => /\/openai\/resources\/responses\/responses\.m?js$/.test(url),
      read: readResponse,
    },
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
    read: readMessage,
  })),
};
