import type { Attributes } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { workOf } from "../../../src/observe/spans/span-reading.ts";

/**
 * The names of a number: that of the conventions goes before those that instrumentations had before it, these
 * before those of the AI SDK, and those of OpenInference come last.
 */
const NAMES = {
  cachedInput: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cached_input_tokens",
    "gen_ai.usage.input_tokens.cached",
    "llm.usage.cache_read_input_tokens",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
    "llm.token_count.prompt_details.cache_read",
  ],
  cacheWrite: [
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.input_tokens.cache_write",
    "llm.usage.cache_creation_input_tokens",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
    "llm.token_count.prompt_details.cache_write",
  ],
  input: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "ai.usage.tokens",
  ],
  output: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"],
};
const TEXTS = {
  model: ["gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "embedding.model_name"],
  provider: ["gen_ai.provider.name", "gen_ai.system", "llm.provider"],
};

const callWith = (attributes: Attributes) =>
  workOf({ name: "chat", attributes: { "gen_ai.operation.name": "chat", ...attributes } });

/** Each name with those that come after it, which the span has before it. */
const casesOf = (all: Record<string, readonly string[]>) =>
  Object.entries(all).flatMap(([of, names]) =>
    names.map((name, place) => ({ of, name, names: names.slice(place).toReversed() })),
  );

it.each(casesOf(NAMES))("$of is read as $name before the names that follow", ({ of, name, names }) => {
  const others = of === "input" ? {} : { "gen_ai.usage.input_tokens": 1000 };
  const counts = Object.fromEntries(names.map((it) => [it, it === name ? 7 : 9]));
  expect(callWith({ ...others, ...counts })?.usage).toMatchObject({ [of]: 7 });
});

it.each(casesOf(TEXTS))("$of is read as $name before the names that follow", ({ of, name, names }) => {
  expect(callWith(Object.fromEntries(names.map((it) => [it, `at ${it}`])))).toMatchObject({
    [of]: `at ${name}`,
  });
});
