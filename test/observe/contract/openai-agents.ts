import { createRequire } from "node:module";
import * as agents from "@openai/agents";
import { assistantMessage, functionCall, modelResponder, ScriptedModel } from "@openai/agents-core/testing";
import { z } from "zod";
import { OpenAiAgentsObserver } from "../../../src/observe/openai-agents/openai-agents.ts";
import { type Framework, type Script, searchOf, TOKENS, Turns } from "./script.ts";

function modelOf(script: Script): ScriptedModel {
  const turns = new Turns(script);
  const usage = () =>
    new agents.Usage({ requests: 1, inputTokens: TOKENS.input, outputTokens: TOKENS.output });
  const step = modelResponder(async () => {
    const turn = await turns.next();
    const said =
      turn === "call"
        ? functionCall("search", turns.input, { callId: turns.callId })
        : assistantMessage("done");
    return { output: [said], usage: usage() };
  });
  return new ScriptedModel(Array.from({ length: (script.tools?.length ?? 0) + 1 }, () => step));
}

type Copy = typeof agents;

async function runBy({ Agent, run, tool }: Copy, script: Script): Promise<unknown> {
  const execute = searchOf(script);
  const search = tool({
    name: "search",
    description: "Searches.",
    parameters: z.object({ query: z.string() }),
    execute: async () => String(await execute()),
  });
  const agent = new Agent({ name: script.agent, model: modelOf(script), tools: [search] });
  const how = { maxTurns: 20, ...(script.signal && { signal: script.signal }) };
  if (script.isStream !== true) return run(agent, "Go.", how);
  const stream = await run(agent, "Go.", { ...how, stream: true });
  for await (const _ of stream);
  return stream.completed;
}

/** Where the SDK keeps its trace provider. */
const PROVIDER = Symbol.for("openai.agents.core.traceProvider");

export const openAiAgents: Framework = {
  title: "OpenAI Agents SDK",
  observe(bench) {
    agents.setTracingDisabled(false);
    agents.setTraceProcessors([]);
    const observer = new OpenAiAgentsObserver(bench.work);
    observer.start();
    return observer;
  },
  run: (script) => runBy(agents, script),
  runOtherCopy: (script) => runBy(createRequire(import.meta.url)("@openai/agents") as Copy, script),
  meetUnknownVersion(bench) {
    const holder = globalThis as { [PROVIDER]?: unknown };
    const before = holder[PROVIDER];
    holder[PROVIDER] = {};
    const observer = new OpenAiAgentsObserver(bench.work);
    observer.start();
    observer.stop();
    holder[PROVIDER] = before;
  },
};
