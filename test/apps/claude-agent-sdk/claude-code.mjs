#!/usr/bin/env node
// A stand-in for Claude Code: it speaks the SDK's protocol, one JSON message a line, and does what
// the prompts say. A prompt is a JSON list of steps; see `steps` below.
import { createInterface } from "node:readline";

const resumed = argumentAfter("--resume");
const session = argumentAfter("--session-id") ?? resumed ?? "11111111-1111-4111-8111-111111111111";
let hooks = {};
let requests = 0;
let ids = 0;
const answers = new Map();

function argumentAfter(name) {
  const at = process.argv.indexOf(name);
  if (at >= 0) return process.argv[at + 1];
  return process.argv.find((given) => given.startsWith(`${name}=`))?.slice(name.length + 1);
}

function write(message) {
  process.stdout.write(`${JSON.stringify({ uuid: `uuid-${++ids}`, session_id: session, ...message })}\n`);
}

/** Calls the hooks of the SDK for an event, and returns their answers. */
async function callHooks(event, input) {
  const given = {
    session_id: session,
    transcript_path: "",
    cwd: process.cwd(),
    hook_event_name: event,
    ...input,
  };
  const outputs = [];
  for (const { hookCallbackIds, matcher } of hooks[event] ?? []) {
    if (matcher !== undefined && matcher !== input.tool_name) continue;
    for (const callback_id of hookCallbackIds) {
      const request_id = `request-${++requests}`;
      const request = { subtype: "hook_callback", callback_id, input: given, tool_use_id: input.tool_use_id };
      const answered = new Promise((resolve) => answers.set(request_id, resolve));
      write({ type: "control_request", request_id, request });
      outputs.push(await answered);
    }
  }
  return outputs;
}

const USAGE = {
  input_tokens: 10,
  output_tokens: 5,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 2,
};

function modelUsage(turns, costUSD = 0.01) {
  return {
    "claude-large": {
      inputTokens: 10 * turns,
      outputTokens: 5 * turns,
      cacheReadInputTokens: 4 * turns,
      cacheCreationInputTokens: 2 * turns,
      webSearchRequests: 0,
      costUSD: costUSD * turns,
      contextWindow: 1,
      maxOutputTokens: 1,
      provider: "firstParty",
    },
  };
}

let turns = Number(process.env.FAKE_EARLIER_TURNS ?? 0);
let denials = [];

const steps = {
  answer({ id = `message-${++ids}`, parent = null, error } = {}) {
    const message = {
      id,
      role: "assistant",
      model: "claude-large",
      content: [{ type: "text", text: "secret" }],
    };
    write({
      type: "assistant",
      parent_tool_use_id: parent,
      message: { ...message, usage: USAGE },
      ...(error && { error }),
    });
  },
  async tool({ name, id = `call-${++ids}`, error, interrupted, agent, denied, silent }) {
    const input = {
      tool_name: name,
      tool_use_id: id,
      tool_input: { secret: "secret" },
      ...(agent && { agent_id: agent, agent_type: "researcher" }),
    };
    const outputs = await callHooks("PreToolUse", input);
    const isDenied = outputs.some((output) => output?.hookSpecificOutput?.permissionDecision === "deny");
    if (denied || isDenied) denials.push({ tool_name: name, tool_use_id: id, tool_input: {} });
    else if (error) await callHooks("PostToolUseFailure", { ...input, error, is_interrupt: interrupted });
    else if (!silent) await callHooks("PostToolUse", { ...input, tool_response: "secret" });
  },
  async subagentStarts({ agent, tool, type = "researcher" }) {
    write({
      type: "system",
      subtype: "task_started",
      task_id: agent,
      tool_use_id: tool,
      description: "secret",
    });
    await callHooks("SubagentStart", { agent_id: agent, agent_type: type });
  },
  async subagentStops({ agent, type = "researcher" }) {
    await callHooks("SubagentStop", { agent_id: agent, agent_type: type, stop_hook_active: false });
  },
  message(message) {
    write(message);
  },
  result(given = {}) {
    turns += 1;
    write({
      type: "result",
      subtype: "success",
      duration_ms: 1,
      duration_api_ms: 1,
      is_error: false,
      num_turns: 1,
      result: "secret",
      errors: [],
      stop_reason: "end_turn",
      total_cost_usd: 0.01 * turns,
      usage: USAGE,
      modelUsage: modelUsage(turns),
      permission_denials: denials,
      ...given,
    });
    denials = [];
  },
  exit({ code }) {
    process.exit(code);
  },
  /** Waits to be interrupted. */
  async hang() {
    await new Promise((resolve) => {
      interrupt = resolve;
    });
  },
};
let interrupt = () => {};

/** As Claude Code does, it says whether more turns are waiting: the SDK then leaves our input open. */
function sayState(state) {
  write({ type: "system", subtype: "session_state_changed", state, sdk_host_only: true });
}

async function turn(prompt) {
  write({
    type: "system",
    subtype: "init",
    model: "claude-large",
    cwd: "",
    tools: [],
    mcp_servers: [],
    apiKeySource: "none",
  });
  for (const [step, given] of JSON.parse(prompt)) await steps[step](given);
}

let waiting = 0;
let last = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === "control_request") {
    const { request_id, request } = message;
    if (request.subtype === "initialize") hooks = request.hooks ?? {};
    const response = { commands: [], models: [], account: {}, hook_on_failure_supported: true };
    write({ type: "control_response", response: { subtype: "success", request_id, response } });
    if (request.subtype === "interrupt") interrupt();
  } else if (message.type === "control_response") {
    answers.get(message.response.request_id)?.(message.response.response);
  } else if (message.type === "user") {
    const { content } = message.message;
    const prompt = typeof content === "string" ? content : content[0].text;
    waiting += 1;
    if (waiting === 1) sayState("running");
    last = last.then(async () => {
      await turn(prompt);
      waiting -= 1;
      if (waiting === 0) sayState("idle");
    });
  }
}
// As in Claude Code, hooks that can't be answered any more decide nothing.
for (const answer of answers.values()) answer({});
await last;
