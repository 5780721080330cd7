import { EMBEDDINGS } from "../../otel/semconv.ts";
import { fileOf } from "../work/file-of-package.ts";
import type { AwaitedClass } from "../work/loaded-class.ts";
import { readChatCompletion, readMessage, readResponse } from "./answer.ts";
import type { ReadPart } from "./answer-log.ts";
import { readEmbeddedContent, readGeneratedContent, readInteraction } from "./google-answer.ts";

/** A class of an SDK with methods that call a model. */
export interface ModelResource extends AwaitedClass {
  readonly methods: readonly string[];
  /** Further ones, which older versions lack. */
  readonly laterMethods?: readonly string[];
  /** Methods that ask, by its id, for an answer that the provider works at in the background. */
  readonly polls?: readonly string[];
  /** Whether its calls are for streams. Absent: for both. */
  readonly isForStreams?: boolean;
  /** The names by which the class that the app passes leads to this one. Absent: it does not. */
  readonly inClient?: readonly string[];
  /** The operation of its calls in the GenAI conventions. Absent: `chat`. */
  readonly operation?: string;
  readonly read: ReadPart;
}

const CREATE = ["create"];
/** The folders of what is observed in the beta of an SDK as outside. */
const IN_BETA = ["", "beta/"];
const inBeta = (beta: string, name: string): readonly string[] => (beta === "" ? [name] : ["Beta", name]);

/** The SDK of a provider. */
export interface ProviderSdk {
  readonly packageName: string;
  /** The provider's name in the GenAI conventions. */
  readonly provider: string;
  readonly resources: readonly ModelResource[];
  /** The class of its streams, if it also makes them of responses that it takes from a promise. */
  readonly streams?: AwaitedClass;
  /** Whether its methods return plain promises. Absent: they return promises that parse the answer when awaited. */
  readonly hasPlainPromises?: boolean;
}

/** OpenAI's SDK: completions, decisions, embeddings and responses, also those of its beta. */
export const OPENAI: ProviderSdk = {
  packageName: "openai",
  provider: "openai",
  resources: [
    {
      key: "otel-forecast.openai.chat",
      className: "Completions",
      inClient: ["Chat", "Completions"],
      isDefinedAt: fileOf("openai", /resources\/chat\/completions\/completions\.m?js/),
      methods: CREATE,
      read: readChatCompletion,
    },
    ...IN_BETA.map((beta) => ({
      key: `otel-forecast.openai.${beta}responses`,
      className: "Responses",
      inClient: inBeta(beta, "Responses"),
      isDefinedAt: fileOf("openai", new RegExp(`resources/${beta}responses/responses\\.m?js`)),
      methods: CREATE,
      laterMethods: ["compact"],
      polls: ["retrieve", "cancel"],
      read: readResponse,
    })),
    {
      key: "otel-forecast.openai.completions",
      className: "Completions",
      inClient: ["Completions"],
      isDefinedAt: fileOf("openai", /resources\/completions\.m?js/),
      methods: CREATE,
      read: readChatCompletion,
    },
    {
      key: "otel-forecast.openai.decisions",
      className: "Decisions",
      inClient: ["Decisions"],
      isDefinedAt: fileOf("openai", /resources\/decisions\.m?js/),
      methods: CREATE,
      read: readResponse,
    },
    {
      key: "otel-forecast.openai.embeddings",
      className: "Embeddings",
      inClient: ["Embeddings"],
      isDefinedAt: fileOf("openai", /resources\/embeddings\.m?js/),
      methods: CREATE,
      operation: EMBEDDINGS,
      read: readChatCompletion,
    },
  ],
};

/** Anthropic's SDK: messages, also those of its beta. */
export const ANTHROPIC: ProviderSdk = {
  packageName: "@anthropic-ai/sdk",
  provider: "anthropic",
  resources: IN_BETA.map((beta) => ({
    key: `otel-forecast.anthropic.${beta}messages`,
    className: "Messages",
    inClient: inBeta(beta, "Messages"),
    isDefinedAt: fileOf("@anthropic-ai/sdk", new RegExp(`resources/${beta}messages/messages\\.m?js`)),
    methods: CREATE,
    read: readMessage,
  })),
  streams: {
    key: "otel-forecast.anthropic.streams",
    className: "Stream",
    isDefinedAt: fileOf("@anthropic-ai/sdk", /core\/streaming\.m?js/),
  },
};

const isGoogleBuild = fileOf("@google/genai", /dist\/(node|web)\/index\.[cm]?js/);
/** Too many packages have a `dist/index.js` to ask each for its name. */
const isGoogleModule = (url: string): boolean =>
  isGoogleBuild(url) || /\/@google\/genai\/dist\/index\.[cm]?js$/.test(url);

/**
 * Google's SDK. Its public methods for content are made for each object and may call a model several times; each
 * call goes through one of these. A stream of interactions is observed where the SDK itself reads what each
 * request answers.
 */
export const GOOGLE: ProviderSdk = {
  packageName: "@google/genai",
  provider: "gcp.gen_ai",
  hasPlainPromises: true,
  resources: [
    {
      key: "otel-forecast.google-genai",
      className: "Models",
      inClient: [],
      isDefinedAt: isGoogleModule,
      methods: ["generateContentInternal", "generateContentStreamInternal"],
      read: readGeneratedContent,
    },
    {
      key: "otel-forecast.google-genai.embeddings",
      className: "Models",
      inClient: [],
      isDefinedAt: isGoogleModule,
      methods: ["embedContentInternal"],
      operation: EMBEDDINGS,
      read: readEmbeddedContent,
    },
    ...["GeminiNextGenInteractions", "Interactions"].map((className) => ({
      key: `otel-forecast.google-genai.${className}`,
      className,
      isDefinedAt: isGoogleModule,
      methods: CREATE,
      polls: ["get", "cancel"],
      isForStreams: className === "Interactions",
      read: readInteraction,
    })),
    {
      key: "otel-forecast.google-genai.decisions",
      className: "GeminiNextGenDecisions",
      isDefinedAt: isGoogleModule,
      methods: CREATE,
      read: readInteraction,
    },
  ],
};
