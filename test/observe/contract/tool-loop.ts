import { createRequire } from "node:module";
import OpenAI from "openai";
import { AbstractChatCompletionRunner } from "openai/lib/AbstractChatCompletionRunner";
import { Completions } from "openai/resources/chat/completions/completions";
import { ProviderSdkObserver } from "../../../src/observe/provider-sdks/provider-sdks.ts";
import { type ModelResource, OPENAI } from "../../../src/observe/provider-sdks/sdk.ts";
import {
  OPENAI_TOOL_LOOP,
  type ToolLoopClass,
  ToolLoopObserver,
} from "../../../src/observe/provider-sdks/tool-loop.ts";
import { AgentAtWork, workFor } from "../../../src/observe/work/current-agent.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { ProviderServer } from "../provider-sdks/provider-server.ts";
import { type Framework, MODEL, type Script, searchOf, TOKENS, Turns } from "./script.ts";

const usage = { prompt_tokens: TOKENS.input, completion_tokens: TOKENS.output };
const completion = { id: "1", object: "chat.completion", created: 1, model: MODEL, usage };

async function answersOf(script: Script): Promise<object[]> {
  const turns = new Turns({ ...script, failure: undefined as never });
  const answers: object[] = [];
  for (let turn = await turns.next(); turn === "call"; turn = await turns.next()) {
    const called = { name: "search", arguments: JSON.stringify(turns.input) };
    const tool_calls = [{ id: turns.callId, type: "function", function: called }];
    const message = { role: "assistant", tool_calls };
    answers.push({ ...completion, choices: [{ index: 0, finish_reason: "tool_calls", message }] });
  }
  const message = { role: "assistant", content: "done" };
  return [...answers, { ...completion, choices: [{ index: 0, finish_reason: "stop", message }] }];
}

type Copy = typeof OpenAI;

async function runBy(Client: Copy, script: Script): Promise<void> {
  const server = await ProviderServer.start();
  const answers = await answersOf(script);
  const isFailing = script.failure !== undefined;
  server.answers.push(...(isFailing ? answers.slice(0, -1) : answers).map((body) => ({ body })));
  const client = new Client({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  const description = { name: "search", description: "Searches.", parameters: {} };
  const tool = { type: "function", function: { ...description, function: searchOf(script) } };
  const how = { maxChatCompletions: 20, ...(script.signal && { signal: script.signal }) };
  const messages = [{ role: "user", content: "Go." }];
  try {
    await workFor(new AgentAtWork(script.agent), () =>
      client.chat.completions.runTools({ model: MODEL, messages, tools: [tool] } as never, how).done(),
    );
  } finally {
    server.stop();
  }
}

/** The same package once more, as CommonJS. */
const require = createRequire(import.meta.url);
const other = () => ({
  Client: require("openai") as Copy,
  Completions: require("openai/resources/chat/completions/completions").Completions as typeof Completions,
  Loop: require("openai/lib/AbstractChatCompletionRunner").AbstractChatCompletionRunner as ToolLoopClass,
});

/** A tool loop of the SDK of openai, run for an agent. */
export const toolLoop: Framework = {
  title: "openai",
  observe(bench) {
    const models = new ProviderSdkObserver(bench.work, OPENAI);
    const loops = new ToolLoopObserver(bench.work);
    models.start();
    loops.start();
    for (const loaded of [Completions, other().Completions])
      addLoadedClass(OPENAI.resources[0] as ModelResource, loaded);
    for (const loaded of [AbstractChatCompletionRunner as unknown as ToolLoopClass, other().Loop])
      addLoadedClass(OPENAI_TOOL_LOOP, loaded);
    return {
      stop: () => {
        models.stop();
        loops.stop();
      },
    };
  },
  classes: [Completions, AbstractChatCompletionRunner],
  run: (script) => runBy(OpenAI, script),
  runOtherCopy: (script) => runBy(other().Client, script),
  meetUnknownVersion: (bench) => new ToolLoopObserver(bench.work).join({ prototype: {} }),
  cannot: {
    "tool failure and recovery": "a tool that throws ends the loop",
    stream: "the loop is the same; its model calls are tested with the SDKs of providers",
  },
};
