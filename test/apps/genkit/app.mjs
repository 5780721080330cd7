// Flows and agents of Genkit, each with a model and a tool that do as its script says.
import { createServer } from "node:http";
import { genkit, z } from "genkit/beta";
import OpenAI from "openai";
import { seen } from "./shared/work.mjs";

const ai = genkit({});
const usage = { inputTokens: 10, outputTokens: 5 };
let script = [];
let failures = 0;

const CONTENT = {
  call: { toolRequest: { name: "weather", ref: "1", input: { city: "Berlin" } } },
  ask: { toolRequest: { name: "askPerson", ref: "2", input: {} } },
  answer: { text: "sunny" },
};

ai.defineModel({ name: "fake/small", supports: { tools: true, multiturn: true } }, async () => {
  const content = CONTENT[script.shift()];
  if (content === undefined) throw new TypeError("no model");
  return { message: { role: "model", content: [content] }, finishReason: "stop", usage };
});

// A plugin whose model asks the SDK of its provider. Both report the same call.
const answer = {
  id: "1",
  object: "chat.completion",
  model: "gpt-small",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "sunny" } }],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
};
const server = createServer((_, response) =>
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer)),
);
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const openai = new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${server.address().port}/` });
ai.defineModel({ name: "openai/gpt-small" }, async () => {
  const messages = [{ role: "user", content: "Weather?" }];
  const { choices } = await openai.chat.completions.create({ model: "gpt-small", messages });
  return { message: { role: "model", content: [{ text: choices[0].message.content }] }, usage };
});

const weather = ai.defineTool(
  {
    name: "weather",
    description: "w",
    inputSchema: z.object({ city: z.string() }),
    outputSchema: z.string(),
  },
  async () => {
    failures -= 1;
    if (failures >= 0) throw new RangeError("not now");
    return "sunny";
  },
);
const askPerson = ai.defineInterrupt({ name: "askPerson", description: "a", inputSchema: z.object({}) });
const tools = [weather, askPerson];
const ask = (model = "fake/small") => ai.generate({ model, prompt: "Weather?", tools });

const FLOWS = {
  sound: ["call", "answer"],
  survivor: ["call", "call", "answer"],
  unanswered: [],
  asker: ["ask"],
};
for (const name of Object.keys(FLOWS))
  ai.defineFlow(name, async () => {
    if (name !== "survivor") return (await ask()).finishReason;
    return (await ask().catch(() => ask())).finishReason;
  });
const byOpenAi = ai.defineFlow("byOpenAi", async () => {
  const { text } = await ai.generate({ model: "openai/gpt-small", prompt: "Weather?" });
  return text;
});
const coder = ai.defineAgent({ name: "coder", model: "fake/small", system: "Code.", tools });

async function run(name, work) {
  console.log(name, await work().catch((error) => error.name));
}

for (const [name, steps] of Object.entries(FLOWS)) {
  script = [...steps];
  failures = name === "survivor" ? 1 : 0;
  const flow = await ai.registry.lookupAction(`/flow/${name}`);
  await run(name, () => flow());
}
await run("byOpenAi", () => byOpenAi());
for (const steps of [["call", "answer"], []]) {
  script = steps;
  await run("coder", async () => (await coder.chat().send("Weather?")).text);
}
server.close();
server.closeAllConnections();
await seen();
process.exit(0);
