import { expect, it } from "vitest";
import { usageOf as ofAiSdk } from "../../src/observe/ai-sdk/message.ts";
import { usageOf as ofLangChain } from "../../src/observe/langchain/usage.ts";
import { usageOf as ofMastra } from "../../src/observe/mastra/span.ts";
import { usageOf as ofOpenAiAgents } from "../../src/observe/openai-agents/span.ts";
import { addUsage } from "../../src/observe/work/agent-run.ts";

const cached = { input: 1000, output: 3, cachedInput: 700, cacheWrite: 200 };

it.each([
  {
    of: "the AI SDK",
    usage: ofAiSdk({
      inputTokens: 1000,
      outputTokens: 3,
      inputTokenDetails: { cacheReadTokens: 700, cacheWriteTokens: 200 },
    }),
  },
  {
    of: "a model of the AI SDK",
    usage: ofAiSdk({
      inputTokens: { total: 1000, noCache: 100, cacheRead: 700, cacheWrite: 200 },
      outputTokens: { total: 3 },
    }),
  },
  {
    of: "LangChain",
    usage: ofLangChain({
      generations: [
        [
          {
            message: {
              usage_metadata: {
                input_tokens: 1000,
                output_tokens: 3,
                input_token_details: { cache_read: 700, cache_creation: 200 },
              },
            },
          },
        ],
      ],
    }),
  },
  {
    of: "Mastra",
    usage: ofMastra({
      id: "1",
      type: "model_inference",
      attributes: {
        usage: { inputTokens: 1000, outputTokens: 3, inputDetails: { cacheRead: 700, cacheWrite: 200 } },
      },
    }),
  },
  {
    of: "a provider behind the OpenAI Agents SDK",
    usage: ofOpenAiAgents({
      type: "generation",
      usage: {
        input_tokens: 1000,
        output_tokens: 3,
        details: { cached_tokens: 700, cache_write_tokens: 200 },
      },
    }),
  },
])("what came from a cache and what was written to it are read of $of", ({ usage }) => {
  expect(usage).toEqual(cached);
});

it("two calls together have the tokens of both", () => {
  const plain = { input: 10, output: 1, cachedInput: 0 };
  expect(addUsage(cached, cached)).toEqual({ input: 2000, output: 6, cachedInput: 1400, cacheWrite: 400 });
  expect(addUsage(plain, cached)).toEqual({ ...cached, input: 1010, output: 4 });
  expect(addUsage(plain, plain)).toEqual({ input: 20, output: 2, cachedInput: 0 });
});
