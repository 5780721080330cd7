// Agents of Google's ADK, each with a model and a tool that do as its name says.
import { BaseLlm, FunctionTool, InMemoryRunner, LlmAgent, setLogLevel } from "@google/adk";
import { z } from "zod";
import { seen } from "./shared/work.mjs";

setLogLevel?.(3);

/** A model that asks for the tool so many times, and then answers or fails. */
class ScriptedModel extends BaseLlm {
  #calls;
  #fails;

  constructor(calls, fails) {
    super({ model: "small" });
    this.#calls = calls;
    this.#fails = fails;
  }

  async *generateContentAsync() {
    this.#calls -= 1;
    const isCall = this.#calls >= 0;
    if (!isCall && this.#fails) throw new TypeError("no model");
    const part = isCall ? { functionCall: { name: "weather", args: { city: "Berlin" } } } : { text: "sunny" };
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
    yield { content: { role: "model", parts: [part] }, usageMetadata };
  }

  async connect() {
    throw new Error("not live");
  }
}

function weatherOf(failures) {
  let left = failures;
  return new FunctionTool({
    name: "weather",
    description: "The weather of a city.",
    parameters: z.object({ city: z.string() }),
    execute: () => {
      left -= 1;
      if (left >= 0) throw new RangeError("not now");
      return { weather: "sunny" };
    },
  });
}

async function run(name, { calls = 1, failures = 0, fails = false } = {}) {
  const agent = new LlmAgent({ name, model: new ScriptedModel(calls, fails), tools: [weatherOf(failures)] });
  const runner = new InMemoryRunner({ agent, appName: "shop" });
  const session = await runner.sessionService.createSession({ appName: "shop", userId: "someone" });
  const newMessage = { role: "user", parts: [{ text: "Weather?" }] };
  const said = [];
  try {
    for await (const event of runner.runAsync({ userId: "someone", sessionId: session.id, newMessage }))
      said.push(event.errorCode ?? Object.keys(event.content?.parts?.[0] ?? {}).at(-1));
    console.log(name, said.join());
  } catch (error) {
    console.log(name, error.name);
  }
}

await run("sound");
await run("survivor", { calls: 2, failures: 1 });
await run("unanswered", { fails: true });
await seen();
process.exit(0);
