import { Agent, run, setTraceProcessors, setTracingDisabled, tool, Usage } from "@openai/agents";
import { assistantMessage, functionCall, modelResponse, ScriptedModel } from "@openai/agents-core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { OpenAiAgentsObserver } from "../../../src/observe/openai-agents/openai-agents.ts";
import { WorkBench } from "../bench-of-work.ts";

let bench: WorkBench;
let observer: OpenAiAgentsObserver;

beforeEach(() => {
  setTracingDisabled(false);
  setTraceProcessors([]);
  bench = new WorkBench();
  observer = new OpenAiAgentsObserver(bench.work);
  observer.start();
});
afterEach(() => observer.stop());

/** An answer of a model that reports all kinds of tokens. */
function answer(
  output: ReturnType<typeof assistantMessage | typeof functionCall>,
  inputTokens = 1000,
  outputTokens = 4,
) {
  const usage = new Usage({
    requests: 1,
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    inputTokensDetails: { cached_tokens: 700, cache_write_tokens: 200 },
  });
  return modelResponse({ output: [output], usage });
}

function asking(name: string, of: Agent): Agent {
  const model = new ScriptedModel([
    answer(functionCall("ask", { input: "?" }, { callId: name })),
    answer(assistantMessage("done")),
  ]);
  return new Agent({
    name,
    model,
    tools: [of.asTool({ toolName: "ask", toolDescription: "Asks." })],
  });
}

it.each([
  ["input", 5000, 1],
  ["output", 900, 50],
])("keeps all tokens of a turn whose tool starts a run with more %s tokens", async (_, input, output) => {
  const model = new ScriptedModel([answer(assistantMessage("done"), input, output)]);
  const expert = new Agent({ name: "expert", model });
  const ask = tool({
    name: "ask",
    description: "Asks.",
    parameters: {
      type: "object",
      properties: {},
      required: [],
      additionalProperties: false,
    },
    execute: async () => String((await run(expert, "Go.")).finalOutput),
  });
  const manager = new Agent({
    name: "manager",
    model: new ScriptedModel([
      answer(functionCall("ask", {}, { callId: "1" })),
      answer(assistantMessage("done")),
    ]),
    tools: [ask],
  });
  await run(manager, "Go.");
  expect(bench.of("expert").resourceConsumption).toMatchObject({
    input_tokens: input,
    output_tokens: output,
  });
  expect(bench.of("manager").resourceConsumption).toMatchObject({ input_tokens: 2000, output_tokens: 8 });
});

it("counts the cached and cache-written tokens of nested agents once, each by its own agent", async () => {
  const expert = new Agent({ name: "expert", model: new ScriptedModel([answer(assistantMessage("done"))]) });
  await run(asking("manager", asking("between", expert)), "Go.");
  await bench.harness.ticks(2);
  const tokens = (await bench.harness.shown()).get("ai_cloud_model_tokens_total") ?? [];
  const byAgent = (agent: string) =>
    Object.fromEntries(
      tokens
        .filter(({ labels }) => labels.agent === agent)
        .map(({ labels, value }) => [labels.token_type, value]),
    );
  const one = { input: 100, output: 4, cached_input: 700, cache_write: 200 };
  const two = { input: 200, output: 8, cached_input: 1400, cache_write: 400 };
  expect(byAgent("expert")).toEqual(one);
  expect(byAgent("between")).toEqual(two);
  expect(byAgent("manager")).toEqual(two);
});
