// Agents of Strands, each with a model and a tool that do as its name says.
import { Agent, Model, tool } from "@strands-agents/sdk";
import { z } from "zod";
import { seen } from "./shared/work.mjs";

/** A model that asks for the tool so many times, and then answers or fails. */
class ScriptedModel extends Model {
  #calls;
  #fails;

  constructor(calls, fails) {
    super();
    this.#calls = calls;
    this.#fails = fails;
  }

  updateConfig() {}

  getConfig() {
    return { modelId: "small" };
  }

  async *stream() {
    this.#calls -= 1;
    const isCall = this.#calls >= 0;
    if (!isCall && this.#fails) throw new TypeError("no model");
    const start = isCall
      ? { start: { type: "toolUseStart", name: "weather", toolUseId: `id-${this.#calls}` } }
      : {};
    const delta = isCall
      ? { type: "toolUseInputDelta", input: '{"city":"Berlin"}' }
      : { type: "textDelta", text: "sunny" };
    yield { type: "modelMessageStartEvent", role: "assistant" };
    yield { type: "modelContentBlockStartEvent", ...start };
    yield { type: "modelContentBlockDeltaEvent", delta };
    yield { type: "modelContentBlockStopEvent" };
    yield { type: "modelMessageStopEvent", stopReason: isCall ? "toolUse" : "endTurn" };
    yield { type: "modelMetadataEvent", usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } };
  }
}

function weatherOf(failures) {
  let left = failures;
  return tool({
    name: "weather",
    description: "The weather of a city.",
    inputSchema: z.object({ city: z.string() }),
    callback: () => {
      left -= 1;
      if (left >= 0) throw new RangeError("not now");
      return "sunny";
    },
  });
}

async function run(name, { calls = 1, failures = 0, fails = false } = {}) {
  const model = new ScriptedModel(calls, fails);
  const agent = new Agent({ name, model, tools: [weatherOf(failures)], printer: false });
  try {
    const { stopReason } = await agent.invoke("Weather?");
    console.log(name, stopReason);
  } catch (error) {
    console.log(name, error.name);
  }
}

await run("sound");
await run("survivor", { calls: 2, failures: 1 });
await run("unanswered", { fails: true });
await seen();
