// An agent of the OpenAI Agents SDK that does not import otel-forecast. Its model is a stand-in in
// this file: replace it by a real one.
import { Agent, run, setTraceProcessors, tool, Usage } from "@openai/agents";
import { z } from "zod";

// Traces are sent to an account of OpenAI, which this example does not have.
setTraceProcessors([]);

let calls = 0;
/**
 * Calls the weather tool, calls it again if it failed, and then answers.
 *
 * @type {import("@openai/agents").Model}
 */
const model = {
  getStreamedResponse() {
    throw new Error("this model does not stream");
  },
  async getResponse({ input }) {
    calls += 1;
    const last = typeof input === "string" ? undefined : input.at(-1);
    const isAnswered = last?.type === "function_call_result" && JSON.stringify(last.output).includes("rain");
    /** @type {import("@openai/agents").AgentOutputItem} */
    const output = isAnswered
      ? {
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: "Rain." }],
        }
      : {
          type: "function_call",
          name: "weather",
          callId: `call-${calls}`,
          arguments: "{}",
          status: "completed",
        };
    return { usage: new Usage({ requests: 1, inputTokens: 20, outputTokens: 5 }), output: [output] };
  },
};

let requests = 0;
const weather = tool({
  name: "weather",
  description: "The weather here, now",
  parameters: z.object({}),
  execute: async () => {
    requests += 1;
    if (requests % 3 === 0) throw new RangeError("the station does not answer");
    return "rain";
  },
});

const agent = new Agent({ name: "forecaster", model, tools: [weather] });

setInterval(async () => {
  const { finalOutput } = await run(agent, "Do I need an umbrella?");
  if (requests < 3) console.log(`The agent says: ${finalOutput}`);
}, 100);
