// A server of Agent2Agent over HTTP, and a client that asks it. Each message says what the agent does.
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from "@a2a-js/sdk/server";
import { jsonRpcHandler, UserBuilder } from "@a2a-js/sdk/server/express";
import { generateText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import express from "express";
import { seen } from "./shared/work.mjs";

const STATES = { submitted: 1, working: 2, completed: 3, failed: 4, canceled: 5, asking: 6, rejected: 7 };

const model = new MockLanguageModelV4({
  modelId: "small",
  doGenerate: async () => ({
    content: [{ type: "text", text: "sunny" }],
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 10 }, outputTokens: { total: 5 } },
    warnings: [],
  }),
});
const ask = (functionId) => generateText({ model, prompt: "Weather?", telemetry: { functionId } });

const executor = {
  async execute({ taskId, contextId, userMessage }, bus) {
    const status = (state) => ({ state: STATES[state], timestamp: new Date().toISOString() });
    const task = { id: taskId, contextId, artifacts: [], history: [], metadata: {} };
    bus.publish(AgentEvent.task({ ...task, status: status("submitted") }));
    const state = userMessage.parts[0].content.value;
    if (state === "broken") throw new RangeError("not now");
    if (state === "framework") await ask("writer");
    if (state === "sameName") await ask("translator");
    bus.publish(
      AgentEvent.statusUpdate({ taskId, contextId, status: status(state in STATES ? state : "completed") }),
    );
  },
  async cancelTask() {},
};

const card = {
  name: "translator",
  capabilities: { streaming: true },
  defaultInputModes: [],
  supportedInterfaces: [{ url: "http://127.0.0.1/", protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
};
const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
const app = express();
app.use(jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
const server = app.listen(0, "127.0.0.1");
await new Promise((listening) => server.once("listening", listening));
const url = `http://127.0.0.1:${server.address().port}/`;
console.error = () => {};

async function send(text, method) {
  const message = { messageId: `id-${text}`, role: "ROLE_USER", parts: [{ text }] };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { message } });
  const headers = { "content-type": "application/json", "a2a-version": "1.0" };
  const response = await fetch(url, { method: "POST", headers, body });
  const answer = await response.text();
  console.log(method, text, [...answer.matchAll(/TASK_STATE_\w+/g)].map(([state]) => state).join());
}

for (const text of [
  "completed",
  "failed",
  "canceled",
  "rejected",
  "asking",
  "broken",
  "framework",
  "sameName",
])
  await send(text, "SendMessage");
for (const text of ["completed", "failed", "broken"]) await send(text, "SendStreamingMessage");
server.close();
server.closeAllConnections();
await seen();
