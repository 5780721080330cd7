// An agent of LangGraph that does not import otel-forecast. Its model is a stand-in in this file:
// replace it by a real one.
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { z } from "zod";

let calls = 0;
/** Calls the weather tool, calls it again if it failed, and then answers. */
class Forecaster extends BaseChatModel {
  _llmType() {
    return "forecaster";
  }

  async _generate(messages) {
    calls += 1;
    const isAnswered = messages.at(-1).content === "rain";
    const text = isAnswered ? "Rain." : "";
    const tool_calls = isAnswered ? [] : [{ name: "weather", args: {}, id: `call-${calls}` }];
    const usage_metadata = { input_tokens: 20, output_tokens: 5, total_tokens: 25 };
    return {
      generations: [
        { text, message: new AIMessage(/** @type {any} */ ({ content: text, tool_calls, usage_metadata })) },
      ],
    };
  }
}

const model = new Forecaster({});

let requests = 0;
const weather = tool(
  async () => {
    requests += 1;
    if (requests % 3 === 0) throw new RangeError("the station does not answer");
    return "rain";
  },
  { name: "weather", description: "The weather here, now", schema: z.object({}) },
);

const agent = new StateGraph(MessagesAnnotation)
  .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addNode("tools", new ToolNode([weather]))
  .addEdge(START, "model")
  .addConditionalEdges("model", toolsCondition)
  .addEdge("tools", "model")
  .compile({ name: "forecaster" });

setInterval(async () => {
  const { messages } = await agent.invoke({
    messages: [{ role: "user", content: "Do I need an umbrella?" }],
  });
  if (requests < 3) console.log(`The agent says: ${messages.at(-1)?.content}`);
}, 100);
