import Anthropic from "@anthropic-ai/sdk";
import { Models } from "@google/genai";
import OpenAI, { AzureOpenAI } from "openai";
import { expect, it, onTestFinished } from "vitest";
import { observeClass } from "../../../src/index.ts";
import { classesIn } from "../../../src/observe/provider-sdks/classes-in-client.ts";
import { ProviderSdkObserver } from "../../../src/observe/provider-sdks/provider-sdks.ts";
import { ANTHROPIC, GOOGLE, OPENAI, type ProviderSdk } from "../../../src/observe/provider-sdks/sdk.ts";
import { WorkBench } from "../bench-of-work.ts";
import { ProviderServer } from "./provider-server.ts";
import { openaiAt } from "./sdks.ts";

class Other {}
/** A client of a version without the others. */
const olderClient = Object.assign(class {}, { Embeddings: Other, Chat: {} });

const ofOpenAi = [
  OpenAI.Chat.Completions,
  OpenAI.Responses,
  OpenAI.Beta.Responses,
  OpenAI.Completions,
  OpenAI.Decisions,
  OpenAI.Embeddings,
];

it.each<readonly [string, ProviderSdk, object, readonly unknown[]]>([
  ["OpenAI", OPENAI, OpenAI, ofOpenAi],
  ["a client that extends it", OPENAI, AzureOpenAI, ofOpenAi],
  ["a client that lacks some", OPENAI, olderClient, [Other]],
  ["another class", OPENAI, Other, []],
  ["Anthropic", ANTHROPIC, Anthropic, [Anthropic.Messages, Anthropic.Beta.Messages]],
  ["Models", GOOGLE, Models, [Models, Models]],
])("the classes that call models are found in %s", (_, sdk, client, classes) => {
  const found = classesIn(sdk, client);
  expect(found.map(([, loaded]) => loaded)).toEqual(classes);
  expect(new Set(found.map(([{ key }]) => key)).size).toBe(classes.length);
});

it("a client that was made before is observed once its class is passed, and not twice", async () => {
  const [bench, server] = [new WorkBench(), await ProviderServer.start()];
  const observer = new ProviderSdkObserver(bench.work, OPENAI);
  const client = openaiAt(server.url);
  observer.start();
  onTestFinished(() => {
    observer.stop();
    server.stop();
  });
  observeClass("openai", OpenAI);
  observeClass("openai", OpenAI);
  const body = { object: "list", data: [], model: "embedder", usage: { prompt_tokens: 7 } };
  server.answers.push({ body });
  await client.embeddings.create({ model: "embedder", input: "sunny" });
  expect(bench.of("the-process").resourceConsumption).toEqual({ input_tokens: 7, output_tokens: 0 });
});
