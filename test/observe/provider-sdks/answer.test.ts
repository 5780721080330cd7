import { expect, it } from "vitest";
import { readChatCompletion, readMessage, readResponse } from "../../../src/observe/provider-sdks/answer.ts";
import { readGeneratedContent, readInteraction } from "../../../src/observe/provider-sdks/google-answer.ts";

const chat = (delta: object | null) => ({ choices: [{ index: 0, delta }] });
const google = (parts?: object[]) => ({ candidates: [{ content: { ...(parts && { parts }) } }] });

it.for([
  {
    name: "a role of chat completions",
    read: readChatCompletion,
    part: chat({ role: "assistant", content: "" }),
  },
  {
    name: "a chunk with usage of chat completions",
    read: readChatCompletion,
    part: { choices: [], usage: {} },
  },
  { name: "an empty chunk of chat completions", read: readChatCompletion, part: chat(null) },
  { name: "the start of a response", read: readResponse, part: { type: "response.created", response: {} } },
  { name: "the start of a message", read: readMessage, part: { type: "message_start", message: {} } },
  { name: "the start of a block of a message", read: readMessage, part: { type: "content_block_start" } },
  { name: "generated content without parts", read: readGeneratedContent, part: google() },
])("$name is no output of a model", ({ read, part }) => {
  expect(read(part).hasOutput).toBe(false);
});

it.for([
  { name: "a text of chat completions", read: readChatCompletion, part: chat({ content: "sun" }) },
  { name: "a tool call of chat completions", read: readChatCompletion, part: chat({ tool_calls: [{}] }) },
  { name: "a text of a response", read: readResponse, part: { type: "response.output_text.delta" } },
  {
    name: "arguments of a response",
    read: readResponse,
    part: { type: "response.function_call_arguments.delta" },
  },
  { name: "a text of a message", read: readMessage, part: { type: "content_block_delta" } },
  { name: "generated content", read: readGeneratedContent, part: google([{ text: "sun" }]) },
])("$name is output of a model", ({ read, part }) => {
  expect(read(part).hasOutput).toBe(true);
});

const used = (input: number, output: number, cachedInput = 0, more: object = {}) => ({
  ...{ input, output, cachedInput },
  ...more,
});

it.for([
  {
    name: "a chat completion",
    read: readChatCompletion,
    part: {
      model: "m",
      usage: { prompt_tokens: 10, completion_tokens: 2 },
      choices: [{ finish_reason: "stop" }],
    },
    has: { usage: used(10, 2), model: "m", isComplete: true },
  },
  {
    name: "a chat completion with a cache",
    read: readChatCompletion,
    part: {
      usage: {
        ...{ prompt_tokens: 10, completion_tokens: 2 },
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 },
      },
    },
    has: { usage: used(10, 2, 4, { cacheWrite: 3 }), isComplete: false },
  },
  {
    name: "a chunk that goes on",
    read: readChatCompletion,
    part: { usage: null, choices: [{ finish_reason: null }, { finish_reason: null }] },
    has: { usage: undefined, isComplete: false },
  },
  {
    name: "a chunk of which one choice ends",
    read: readChatCompletion,
    part: { choices: [{ finish_reason: null }, { finish_reason: "length" }] },
    has: { isComplete: true },
  },
  {
    name: "a response",
    read: readResponse,
    part: {
      model: "m",
      usage: { input_tokens: 10, output_tokens: 2, input_tokens_details: { cached_tokens: 4 } },
    },
    has: { usage: used(10, 2, 4), model: "m", isComplete: false },
  },
  {
    name: "the end of a response",
    read: readResponse,
    part: {
      type: "response.completed",
      response: { model: "m", usage: { input_tokens: 10, output_tokens: 2 } },
    },
    has: { usage: used(10, 2), model: "m", isComplete: true },
  },
  {
    name: "an incomplete response",
    read: readResponse,
    part: { type: "response.incomplete" },
    has: { isComplete: true },
  },
  {
    name: "a response that has failed",
    read: readResponse,
    part: { status: "failed", model: "m", error: { code: "server_error" } },
    has: { model: "m", errorType: "response.failed" },
  },
  {
    name: "a failed response",
    read: readResponse,
    part: { type: "response.failed", response: { model: "m", usage: { input_tokens: 1, output_tokens: 0 } } },
    has: { usage: used(1, 0), model: "m", isComplete: true, errorType: "response.failed" },
  },
  {
    name: "a response that is still made",
    read: readResponse,
    part: { id: "r", status: "queued", usage: null },
    has: { usage: undefined, isComplete: false, pendingId: "r" },
  },
  {
    name: "the start of a response",
    read: readResponse,
    part: { type: "response.created", response: { id: "r", status: "in_progress" } },
    has: { isComplete: false, pendingId: "r" },
  },
  {
    name: "a response that was made",
    read: readResponse,
    part: { id: "r", status: "completed" },
    has: { isComplete: true, isCancelled: false, pendingId: undefined },
  },
  {
    name: "a response that was cancelled",
    read: readResponse,
    part: { id: "r", status: "cancelled" },
    has: { isComplete: true, isCancelled: true, errorType: undefined },
  },
  {
    name: "an error",
    read: readResponse,
    part: { type: "error" },
    has: { isComplete: true, errorType: "error" },
  },
  {
    name: "a message",
    read: readMessage,
    part: {
      model: "m",
      usage: {
        input_tokens: 3,
        output_tokens: 2,
        cache_read_input_tokens: 4,
        cache_creation_input_tokens: 5,
      },
    },
    has: { usage: used(12, 2, 4, { cacheWrite: 5 }), model: "m", isComplete: false },
  },
  {
    name: "the start of a message",
    read: readMessage,
    part: { type: "message_start", message: { model: "m", usage: { input_tokens: 3 } }, model: "other" },
    has: { usage: used(3, 0), model: "m", isComplete: false },
  },
  {
    name: "a message with calls of models beside it",
    read: readMessage,
    part: {
      type: "message_delta",
      usage: {
        output_tokens: 2,
        iterations: [
          { type: "compaction", input_tokens: 70, output_tokens: 7, cache_read_input_tokens: 20 },
          { type: "message", model: "m", input_tokens: 3, output_tokens: 2 },
          { type: "advisor_message", model: "wise", input_tokens: 8, output_tokens: 9 },
        ],
      },
    },
    has: {
      usage: used(0, 2),
      beside: [
        { usage: used(90, 7, 20), model: undefined },
        { usage: used(8, 9), model: "wise" },
      ],
    },
  },
  {
    name: "the end of a message",
    read: readMessage,
    part: { type: "message_stop" },
    has: { isComplete: true },
  },
  {
    name: "a message without tokens",
    read: readMessage,
    part: { usage: { cache_read_input_tokens: 4 } },
    has: { usage: undefined },
  },
  {
    name: "generated content",
    read: readGeneratedContent,
    part: {
      modelVersion: "m",
      usageMetadata: {
        ...{
          promptTokenCount: 10,
          toolUsePromptTokenCount: 5,
          candidatesTokenCount: 2,
          thoughtsTokenCount: 3,
        },
        cachedContentTokenCount: 4,
      },
      candidates: [{ finishReason: "STOP" }],
    },
    has: { usage: used(15, 5, 4), model: "m", isComplete: true },
  },
  {
    name: "generated content with some counts",
    read: readGeneratedContent,
    part: { usageMetadata: { toolUsePromptTokenCount: 5 }, candidates: [{}] },
    has: { usage: used(5, 0), isComplete: false, hasOutput: false },
  },
  {
    name: "generated content with other counts",
    read: readGeneratedContent,
    part: {
      usageMetadata: { thoughtsTokenCount: 3, promptTokenCount: 1 },
      candidates: [{ content: { parts: [] } }],
    },
    has: { usage: used(1, 3), hasOutput: false },
  },
  {
    name: "a blocked prompt",
    read: readGeneratedContent,
    part: { promptFeedback: { blockReason: "SAFETY" } },
    has: { usage: undefined, isComplete: true, hasOutput: false },
  },
  {
    name: "a prompt that is not blocked",
    read: readGeneratedContent,
    part: { promptFeedback: {} },
    has: { isComplete: false },
  },
  {
    name: "an interaction",
    read: readInteraction,
    part: {
      ...{ id: "i", model: "m", status: "requires_action" },
      usage: {
        ...{ total_input_tokens: 10, total_tool_use_tokens: 5, total_cached_tokens: 4 },
        ...{ total_output_tokens: 2, total_thought_tokens: 3 },
      },
    },
    has: { usage: used(15, 5, 4), model: "m", isComplete: true, pendingId: undefined },
  },
  {
    name: "an interaction that is still made",
    read: readInteraction,
    part: { id: "i", status: "in_progress" },
    has: { usage: undefined, isComplete: false, pendingId: "i" },
  },
  {
    name: "an interaction that has failed",
    read: readInteraction,
    part: { id: "i", status: "failed" },
    has: { isComplete: true, errorType: "interaction.failed" },
  },
  {
    name: "the start of an interaction",
    read: readInteraction,
    part: { event_type: "interaction.created", interaction: { id: "i", status: "in_progress" } },
    has: { isComplete: false, hasOutput: false, pendingId: "i" },
  },
  {
    name: "a part of an interaction",
    read: readInteraction,
    part: { event_type: "step.delta", metadata: { total_usage: { total_output_tokens: 2 } } },
    has: { usage: used(0, 2), isComplete: false, hasOutput: true },
  },
  {
    name: "a change of the state of an interaction",
    read: readInteraction,
    part: { event_type: "interaction.status_update", status: "failed" },
    has: { isComplete: false, errorType: "interaction.failed" },
  },
  {
    name: "the end of an interaction",
    read: readInteraction,
    part: {
      event_type: "interaction.completed",
      interaction: { id: "i", status: "completed", usage: { total_input_tokens: 3, total_output_tokens: 2 } },
    },
    has: { usage: used(3, 2), isComplete: true, errorType: undefined },
  },
  {
    name: "an error of an interaction",
    read: readInteraction,
    part: { event_type: "error", error: { code: "8" } },
    has: { isComplete: true, errorType: "error" },
  },
])("$name is read", ({ read, part, has }) => {
  expect(read(part)).toMatchObject(has);
});
