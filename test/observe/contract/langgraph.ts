import { CallbackManager } from "@langchain/core/callbacks/manager";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { z } from "zod";
import { LangChainObserver, type ManagerClass } from "../../../src/observe/langchain/langchain.ts";
import { type Framework, MODEL, type Script, searchOf, TOKENS, Turns } from "./script.ts";

const usage_metadata = {
  input_tokens: TOKENS.input,
  output_tokens: TOKENS.output,
  total_tokens: TOKENS.input + TOKENS.output,
};

/** A model that says its name, as those of providers do. */
class ScriptedModel extends FakeStreamingChatModel {
  readonly #turns: Turns;

  constructor(script: Script) {
    super({ responses: [] });
    this.#turns = new Turns(script);
  }

  override getLsParams(options: this["ParsedCallOptions"]) {
    return { ...super.getLsParams(options), ls_provider: "scripted", ls_model_name: MODEL };
  }

  override async _generate(): Promise<{ generations: { text: string; message: BaseMessage }[] }> {
    const turn = await this.#turns.next();
    const tool_calls =
      turn === "call" ? [{ name: "search", args: this.#turns.input, id: this.#turns.callId }] : [];
    const message = Object.assign(new AIMessage({ content: "done", tool_calls }), { usage_metadata });
    return { generations: [{ text: "", message }] };
  }
}

function graphOf(script: Script) {
  const model = new ScriptedModel(script);
  const search = tool(searchOf(script), { name: "search", schema: z.object({ query: z.string() }) });
  const next = ({ messages }: typeof MessagesAnnotation.State) =>
    ((messages.at(-1) as AIMessage).tool_calls?.length ?? 0) > 0 ? "tools" : END;
  return new StateGraph(MessagesAnnotation)
    .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode("tools", new ToolNode([search]))
    .addEdge(START, "model")
    .addConditionalEdges("model", next, ["tools", END])
    .addEdge("tools", "model")
    .compile({ name: script.agent });
}

export const langGraph: Framework = {
  title: "LangGraph",
  observe(bench) {
    const observer = new LangChainObserver(bench.work);
    observer.join(CallbackManager as unknown as ManagerClass);
    return observer;
  },
  async run(script) {
    const graph = graphOf(script);
    const how = { recursionLimit: 50, ...(script.signal && { signal: script.signal }) };
    if (script.isStream !== true) return graph.invoke({ messages: [] }, how);
    for await (const _ of await graph.stream({ messages: [] }, how));
  },
};
