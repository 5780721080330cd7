// Calls of a model by the SDK of its provider, which answers at once.

import { ofApiPromises, ofGenai } from "./least.mjs";

const messages = [{ role: /** @type {const} */ ("user"), content: "Do I need an umbrella?" }];
const client = { apiKey: "none", maxRetries: 0 };

/** What sends a request, and answers it with this body. */
const answering = (body) => {
  const text = JSON.stringify(body);
  return async () => new Response(text, { headers: { "content-type": "application/json" } });
};

export const PROVIDERS = {
  openai: async (seen) => {
    const { default: OpenAI } = await import("openai");
    const usage = { prompt_tokens: 20, completion_tokens: 5 };
    const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Rain." } }];
    const openai = new OpenAI({ ...client, fetch: answering({ model: "small", choices, usage }) });
    if (seen === "least") ofApiPromises(openai.chat.completions);
    return () => openai.chat.completions.create({ model: "small", messages });
  },
  anthropic: async (seen) => {
    const { default: Anthropic } = await import("@anthropic-ai/sdk");
    const usage = { input_tokens: 20, output_tokens: 5 };
    const body = { type: "message", model: "small", content: [{ type: "text", text: "Rain." }], usage };
    const anthropic = new Anthropic({ ...client, fetch: answering(body) });
    if (seen === "least") ofApiPromises(anthropic.messages);
    return () => anthropic.messages.create({ model: "small", max_tokens: 9, messages });
  },
  "google-genai": async (seen) => {
    const { GoogleGenAI } = await import("@google/genai");
    const usageMetadata = { promptTokenCount: 20, candidatesTokenCount: 5 };
    const content = { role: "model", parts: [{ text: "Rain." }] };
    // The SDK takes no function of its own that sends requests.
    globalThis.fetch = answering({ candidates: [{ content, finishReason: "STOP" }], usageMetadata });
    const genai = new GoogleGenAI({ apiKey: "none" });
    if (seen === "least") ofGenai(genai);
    return () => genai.models.generateContent({ model: "small", contents: "Do I need an umbrella?" });
  },
};
