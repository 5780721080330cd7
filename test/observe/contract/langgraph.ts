import { createRequire } from "node:module";
import * as manager from "@langchain/core/callbacks/manager";
import * as messages from "@langchain/core/messages";
import * as tools from "@langchain/core/tools";
import * as testing from "@langchain/core/utils/testing";
import * as graphs from "@langchain/langgraph";
import * as prebuilt from "@langchain/langgraph/prebuilt";
import { z } from "zod";
import { observeClass } from "../../../src/index.ts";
import { LangChainObserver, type ManagerClass } from "../../../src/observe/langchain/langchain.ts";
import { type Framework, MODEL, type Script, searchOf, TOKENS, Turns } from "./script.ts";

const usage_metadata = {
  input_tokens: TOKENS.input,
  output_tokens: TOKENS.output,
  total_tokens: TOKENS.input + TOKENS.output,
};

const esm = { ...manager, ...messages, ...tools, ...testing, ...graphs, ...prebuilt };
type Copy = typeof esm;

/** The same packages once more, as CommonJS. */
function otherCopy(): Copy {
  const require = createRequire(import.meta.url);
  return [
    "@langchain/core/callbacks/manager",
    "@langchain/core/messages",
    "@langchain/core/tools",
    "@langchain/core/utils/testing",
    "@langchain/langgraph",
    "@langchain/langgraph/prebuilt",
  ].reduce((copy, name) => Object.assign(copy, require(name)), {} as Copy);
}

/** A model that says its name, as those of providers do. */
function modelOf({ AIMessage, FakeStreamingChatModel }: Copy, script: Script) {
  const turns = new Turns(script);
  return new (class extends FakeStreamingChatModel {
    override getLsParams(options: this["ParsedCallOptions"]) {
      return { ...super.getLsParams(options), ls_provider: "scripted", ls_model_name: MODEL };
    }

    override async _generate() {
      const turn = await turns.next();
      const tool_calls = turn === "call" ? [{ name: "search", args: turns.input, id: turns.callId }] : [];
      const message = Object.assign(new AIMessage({ content: "done", tool_calls }), { usage_metadata });
      return { generations: [{ text: "", message }] };
    }
  })({ responses: [] });
}

function graphOf(copy: Copy, script: Script) {
  const { END, MessagesAnnotation, START, StateGraph, ToolNode, tool } = copy;
  const model = modelOf(copy, script);
  const search = tool(searchOf(script), { name: "search", schema: z.object({ query: z.string() }) });
  const next = (state: typeof MessagesAnnotation.State) =>
    ((state.messages.at(-1) as messages.AIMessage).tool_calls?.length ?? 0) > 0 ? "tools" : END;
  return new StateGraph(MessagesAnnotation)
    .addNode("model", async (state) => ({ messages: [await model.invoke(state.messages)] }))
    .addNode("tools", new ToolNode([search]))
    .addEdge(START, "model")
    .addConditionalEdges("model", next, ["tools", END])
    .addEdge("tools", "model")
    .compile({ name: script.agent });
}

async function runBy(copy: Copy, script: Script): Promise<void> {
  const graph = graphOf(copy, script);
  const how = { recursionLimit: 50, ...(script.signal && { signal: script.signal }) };
  if (script.isStream === true) for await (const _ of await graph.stream({ messages: [] }, how));
  else await graph.invoke({ messages: [] }, how);
}

export const langGraph: Framework = {
  title: "LangGraph",
  observe(bench) {
    const observer = new LangChainObserver(bench.work);
    for (const { CallbackManager } of [esm, otherCopy()])
      observer.join(CallbackManager as unknown as ManagerClass);
    return observer;
  },
  classes: [esm.CallbackManager],
  observeBundled(bench) {
    const observer = new LangChainObserver(bench.work);
    observer.start();
    observeClass("langchain", esm.CallbackManager);
    return observer;
  },
  run: (script) => runBy(esm, script),
  runOtherCopy: (script) => runBy(otherCopy(), script),
  meetUnknownVersion: (bench) => new LangChainObserver(bench.work).join({} as ManagerClass),
};
