// An agent of the Agent Client Protocol and its client. Each prompt says what the agent does.
import * as acp from "@agentclientprotocol/sdk";
import { generateText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { seen } from "./shared/work.mjs";

const model = new MockLanguageModelV4({
  modelId: "small",
  doGenerate: async () => ({
    content: [{ type: "text", text: "sunny" }],
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 10 }, outputTokens: { total: 5 } },
    warnings: [],
  }),
});

async function call(update, id, kind, status) {
  const tool = { toolCallId: id, title: `Reads ${id}`, kind, rawInput: { path: "a.txt" } };
  await update({ sessionUpdate: "tool_call", ...tool, status: "in_progress" });
  await update({ sessionUpdate: "tool_call_update", toolCallId: id, status });
}

const ask = (functionId) => generateText({ model, prompt: "Weather?", telemetry: { functionId } });
let cancelled = () => {};

const PROMPTS = {
  sound: async (update) => {
    await call(update, "id-1", "read", "completed");
    return "end_turn";
  },
  survivor: async (update) => {
    await call(update, "id-2", "edit", "failed");
    await call(update, "id-3", "edit", "completed");
    return "end_turn";
  },
  loop: async (update) => {
    for (const id of ["a", "b", "c", "d"]) await call(update, id, "read", "completed");
    return "end_turn";
  },
  refused: async () => "refusal",
  broken: async () => {
    throw new RangeError("not now");
  },
  cancelled: async () => {
    await new Promise((resolve) => {
      cancelled = resolve;
    });
    return "cancelled";
  },
  framework: async (update) => {
    await ask("writer");
    await call(update, "id-4", "read", "completed");
    return "end_turn";
  },
  sameName: async () => {
    await ask("coder");
    return "end_turn";
  },
};

const agent = acp
  .agent()
  .onRequest(acp.methods.agent.initialize, () => ({
    protocolVersion: acp.PROTOCOL_VERSION,
    agentInfo: { name: "coder", version: "1.0.0" },
  }))
  .onRequest(acp.methods.agent.session.new, () => ({ sessionId: "a-session" }))
  .onNotification(acp.methods.agent.session.cancel, () => cancelled())
  .onRequest(acp.methods.agent.session.prompt, async ({ params: { sessionId, prompt }, client }) => {
    const update = (given) => client.notify(acp.methods.client.session.update, { sessionId, update: given });
    return { stopReason: await PROMPTS[prompt[0].text](update) };
  });

const updates = [];
const client = acp.client().onNotification(acp.methods.client.session.update, ({ params }) => {
  updates.push(params.update.sessionUpdate);
});

const connection = client.connect(agent);
const peer = connection.agent;
await peer.request(acp.methods.agent.initialize, { protocolVersion: acp.PROTOCOL_VERSION });
const { sessionId } = await peer.request(acp.methods.agent.session.new, { cwd: "/", mcpServers: [] });
for (const text of Object.keys(PROMPTS)) {
  const prompt = [{ type: "text", text }];
  const answer = peer.request(acp.methods.agent.session.prompt, { sessionId, prompt });
  if (text === "cancelled") await peer.notify(acp.methods.agent.session.cancel, { sessionId });
  console.log(
    text,
    await answer.then(
      ({ stopReason }) => stopReason,
      ({ code }) => code,
    ),
    updates.length,
  );
}
connection.close();
await seen();
