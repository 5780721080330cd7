import { expect, it } from "vitest";
import {
  readChatCompletion,
  readGeneratedContent,
  readMessage,
  readResponse,
} from "../../../src/observe/provider-sdks/answer.ts";

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
