// Agents of the Claude Agent SDK, each doing as its name says, with a stand-in for Claude Code. The
// lines that the app writes show what it sees of its queries.

import { createServer } from "node:http";
import { AbortError, query, startup } from "@anthropic-ai/claude-agent-sdk";
import { query as queryOfCore } from "@anthropic-ai/claude-agent-sdk/core";
import OpenAI from "openai";
import { seen } from "./shared/seen.mjs";

const pathToClaudeCodeExecutable = new URL("claude-code.mjs", import.meta.url).pathname;
const READ = ["tool", { name: "Read" }];
const ANSWERED = [["answer"], READ, ["answer"], ["result"]];

function optionsOf(agent, more = {}) {
  return { pathToClaudeCodeExecutable, agent, env: { ...process.env, ...more.env }, ...more };
}

function promptOf(steps) {
  return JSON.stringify(steps);
}

/** What a loop over a query sees: the kinds of its messages, and the error that ends it. */
async function watched(agent, made, onMessage = () => {}) {
  const kinds = [];
  try {
    for await (const message of made) {
      kinds.push(message.subtype ?? message.type);
      if ((await onMessage(message, made)) === "stop") break;
    }
  } catch (error) {
    kinds.push(error instanceof AbortError ? "AbortError" : error.message);
  }
  console.log(agent, kinds.join());
}

const run = (agent, steps, more, onMessage) =>
  watched(agent, query({ prompt: promptOf(steps), options: optionsOf(agent, more) }), onMessage);

await run("sound", ANSWERED);
await watched("core", queryOfCore({ prompt: promptOf(ANSWERED), options: optionsOf("core") }));
await run("survivor", [["answer"], ["tool", { name: "Read", error: "RangeError: no" }], ...ANSWERED]);
await run("limited", [["answer"], ["result", { subtype: "error_max_turns", is_error: true }]]);
await run("refused", [
  ["answer", { error: "rate_limit" }],
  ["result", { is_error: true, api_error_status: 429 }],
]);
await run("crashed", [["answer"], ["exit", { code: 3 }]]);
await run("denied", [["answer"], ["tool", { name: "Bash", denied: true }], ["answer"], ["result"]]);

// Hooks of the app: they are called, and their answers count.
const called = [];
const deny = async (input) => {
  called.push(input.tool_name);
  const hookSpecificOutput = { hookEventName: "PreToolUse", permissionDecision: "deny" };
  return input.tool_name === "Bash" ? { hookSpecificOutput } : {};
};
await run("hooked", [["answer"], ["tool", { name: "Bash" }], READ, ["answer"], ["result"]], {
  hooks: { PreToolUse: [{ matcher: "Bash", hooks: [deny] }, { hooks: [deny] }] },
});
console.log(called.join());

// A hook of the app asks a model of its own, by the SDK of its provider. So does the loop over the query.
const server = createServer((_, response) => {
  const usage = { prompt_tokens: 100, completion_tokens: 7 };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ model: "small", choices: [], usage }));
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const openai = new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${server.address().port}` });
const ask = async () => {
  const messages = [{ role: "user", content: "Weather?" }];
  const { usage } = await openai.chat.completions.create({ model: "small", messages });
  console.log("asked", usage.prompt_tokens);
  return {};
};
await run("asking", ANSWERED, { hooks: { PostToolUse: [{ hooks: [ask] }] } }, async ({ type }) => {
  if (type === "result") await ask();
});
server.close();
server.closeAllConnections();

// A sub-agent, with a tool of its own.
const subagent = { agent: "agent-1", tool: "call-1" };
await run("leader", [
  ["answer"],
  ["subagentStarts", subagent],
  ["answer", { parent: "call-1" }],
  ["tool", { name: "Grep", agent: "agent-1" }],
  ["subagentStops", subagent],
  ["answer"],
  ["result"],
]);

// Sub-agents that answer part by part, side by side.
const others = ["call-1", "call-2"];
await run("parted", [
  ["answer"],
  ...others.map((tool) => ["subagentStarts", { agent: `of ${tool}`, tool, type: "writer" }]),
  ...[...others, ...others].map((parent) => ["answer", { parent, id: `of ${parent}` }]),
  ...others.map((tool) => ["subagentStops", { agent: `of ${tool}`, type: "writer" }]),
  ["answer"],
  ["result"],
]);

// Parts of answers, of which the first says how long it took.
const begins = { type: "message_start", message: { model: "claude-large" } };
const part = { type: "stream_event", parent_tool_use_id: null, event: begins, ttft_ms: 250 };
await run("partial", [["message", part], ...ANSWERED], { includePartialMessages: true });

// Two turns of one query.
async function* twoPrompts() {
  for (const _ of [1, 2]) {
    const content = promptOf(ANSWERED);
    yield { type: "user", session_id: "", parent_tool_use_id: null, message: { role: "user", content } };
  }
}
await watched("streaming", query({ prompt: twoPrompts(), options: optionsOf("streaming") }));

// A session that is resumed: one Claude Code reports its total, another only what is new.
const first = "22222222-2222-4222-8222-222222222222";
await run("resumed", ANSWERED, { sessionId: first });
await run("resumed", ANSWERED, { resume: first, env: { FAKE_EARLIER_TURNS: "1" } });
const second = "33333333-3333-4333-8333-333333333333";
await run("anew", ANSWERED, { sessionId: second });
await run("anew", ANSWERED, { resume: second });

// Ends that the app wants.
const abortController = new AbortController();
await run("aborted", [["answer"], ["hang"]], { abortController }, ({ type }) => {
  if (type === "assistant") abortController.abort();
});
await run("broken", [["answer"], ["hang"]], {}, ({ type }) => (type === "assistant" ? "stop" : undefined));
await run("closed", [["answer"], ["hang"]], {}, ({ type }, made) => {
  if (type === "assistant") made.close();
});
const interrupted = [["answer"], ["hang"], ["result", { subtype: "error_during_execution" }]];
await run("interrupted", interrupted, {}, ({ type }, made) => {
  if (type === "assistant") return made.interrupt().then(() => {});
});

// What a query is.
const made = query({ prompt: promptOf(ANSWERED), options: optionsOf("looked at") });
const [once, twice] = [made[Symbol.asyncIterator](), made[Symbol.asyncIterator]()];
console.log(Object.keys(made).length, Object.keys(once).length, made.constructor.name, once === twice);
console.log(JSON.stringify(await made.supportedCommands()), (await made.next()).value.subtype);
console.log(JSON.stringify(await made.return("over")), JSON.stringify(await made.next()));
try {
  query();
} catch (error) {
  console.log(error.name);
}
// Claude Code that has started before its prompt.
const warm = await startup({ options: optionsOf("warm") });
await watched("warm", warm.query(promptOf(ANSWERED)));
warm.close();
// Two at once.
await Promise.all(["one", "two"].map((agent) => run("at once", ANSWERED, { title: agent })));
await seen();
process.exit(0);
