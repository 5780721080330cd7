import { beforeEach, describe, expect, it } from "vitest";
import { AgentHandle } from "../../../src/api/agent-handle.ts";
import { workFor } from "../../../src/observe/work/current-agent.ts";
import { eventually } from "../../eventually.ts";
import type { Answer } from "./provider-server.ts";
import { providersOfTests } from "./providers.ts";
import { googleAt, openaiAt, unhandledRejections } from "./sdks.ts";

const AGENT = "the-process";
const MODEL = "embedder";

const providers = providersOfTests();

/** A way to ask for embeddings, and what the provider answers. */
interface Way {
  readonly name: string;
  readonly answer: object;
  ask(options?: { readonly maxRetries?: number }): PromiseLike<unknown>;
}

const ofOpenAi = { object: "list", model: "embedder-1", usage: { prompt_tokens: 30, total_tokens: 30 } };
const vector = [{ object: "embedding", index: 0, embedding: [0.5, 1] }];
const asBase64 = [
  { ...vector[0], embedding: Buffer.from(new Float32Array([0.5, 1]).buffer).toString("base64") },
];
const openai = (maxRetries = 0) => openaiAt(providers.server.url).withOptions({ maxRetries }).embeddings;
const google = () => googleAt(providers.server.url).models;
const usageMetadata = { promptTokenCount: 30 };

const WAYS: readonly Way[] = [
  {
    name: "embeddings of openai",
    answer: { ...ofOpenAi, data: asBase64 },
    ask: ({ maxRetries } = {}) => openai(maxRetries).create({ model: MODEL, input: "sunny" }),
  },
  {
    name: "embeddings of openai as numbers",
    answer: { ...ofOpenAi, data: vector },
    ask: ({ maxRetries } = {}) =>
      openai(maxRetries).create({ model: MODEL, input: "sunny", encoding_format: "float" }),
  },
  {
    name: "embedContent of @google/genai",
    answer: { embeddings: [{ values: [0.5, 1] }], usageMetadata },
    ask: () => google().embedContent({ model: MODEL, contents: "sunny" }),
  },
];

const answered = (body: object): Answer => ({ body });
const refused: Answer = { status: 400, body: { error: { message: "no", code: 400 } } };

function done(agentName = AGENT): object {
  const { successRate, resourceConsumption, openFailures } = providers.bench.of(agentName);
  return { successRate, tokens: resourceConsumption, failures: openFailures.map((it) => it.failureType) };
}

const ANSWERED = { successRate: 1, tokens: { input_tokens: 30, output_tokens: 0 }, failures: [] };
const NOTHING = { tokens: {}, failures: [] };

describe.each(WAYS)("$name", (way) => {
  it("counts a call and leaves its answer", async () => {
    providers.server.answers.push(answered(way.answer), answered(way.answer));
    const observed = await way.ask();
    expect(done()).toEqual(ANSWERED);
    for (const observer of providers.observers) observer.stop();
    expect(observed).toEqual(await way.ask());
  });

  it("is an operation of its own in the standard metrics, which has no output", async () => {
    providers.server.answers.push(answered(way.answer));
    await way.ask();
    const { gen_ai_client_token_usage: used } = await providers.bench.standard();
    expect(used).toEqual([
      expect.objectContaining({
        "gen_ai.operation.name": "embeddings",
        "gen_ai.token.type": "input",
        count: 1,
        sum: 30,
      }),
    ]);
  });

  it("passes the error of the provider on and counts it, and its recovery", async () => {
    providers.server.answers.push(refused, answered(way.answer));
    await expect(way.ask()).rejects.toMatchObject({ status: 400 });
    expect(done()).toEqual({ successRate: 0, tokens: {}, failures: ["embeddings"] });
    await way.ask();
    expect(done()).toMatchObject({ tokens: ANSWERED.tokens, failures: [] });
  });

  it("reports an error that nobody handles as without us, once", async () => {
    const unhandled = unhandledRejections();
    providers.server.answers.push(refused);
    void way.ask();
    await eventually(() => expect(unhandled).toHaveBeenCalled());
    expect(unhandled.mock.calls).toEqual([[expect.objectContaining({ status: 400 }), expect.anything()]]);
  });

  it("is a step of the run around it, and no inference of the agent", async () => {
    providers.server.answers.push(answered(way.answer));
    const run = providers.bench.work.begin("planner");
    await workFor(run.atWork, () => way.ask());
    run.goesOn();
    run.end("success");
    expect(done("planner")).toEqual(ANSWERED);
    const standard = await providers.bench.standard();
    expect(standard.gen_ai_invoke_agent_inference_calls).toEqual([
      expect.objectContaining({ "gen_ai.agent.name": "planner", sum: 0 }),
    ]);
  });

  it("counts for the agent of the task around it", async () => {
    providers.server.answers.push(answered(way.answer));
    const { recorder } = providers.bench.harness.pipeline.instruments;
    const planner = new AgentHandle("planner", recorder, providers.bench.harness.world.elapsedMillis);
    await planner.task("plan", async () => {
      await way.ask();
    });
    expect(providers.bench.of("planner").resourceConsumption).toEqual(ANSWERED.tokens);
    expect(providers.bench.agentNames).toEqual(["planner"]);
  });

  it("counts beside a framework that asks a model, of which the name is not known", async () => {
    providers.server.answers.push(answered(way.answer));
    const close = providers.bench.frameworkReports.modelStarts("planner", undefined);
    await way.ask();
    close();
    expect(done()).toEqual(ANSWERED);
  });

  it.each(["embeddings", "chat"])(
    "counts nothing that a span tells of, which is one of %s",
    async (operation) => {
      providers.server.answers.push(answered(way.answer));
      const asked = way.ask();
      providers.bench.frameworkReports.spanAsks({ operation })();
      await asked;
      expect(done()).toMatchObject(operation === "embeddings" ? NOTHING : ANSWERED);
    },
  );
});

describe.each(WAYS.slice(0, 2))("$name", (way) => {
  it("counts an attempt for each time that the SDK sends the request again", async () => {
    const busy = { status: 500, body: {}, headers: { "retry-after-ms": "1" } };
    providers.server.answers.push(busy, busy, answered(way.answer));
    await way.ask({ maxRetries: 2 });
    expect(done()).toEqual({ ...ANSWERED, successRate: 1 / 3 });
  });
});

describe("what the embeddings of Google have used", () => {
  let counted: object;
  const ask = async (body: object): Promise<void> => {
    providers.server.answers.push(answered(body));
    await google().embedContent({ model: MODEL, contents: ["sunny", "windy"] });
    counted = providers.bench.of(AGENT).resourceConsumption;
  };
  beforeEach(() => {
    counted = {};
  });

  it("is what each embedding tells, if the answer tells no sum", async () => {
    const statistics = { tokenCount: 15 };
    await ask({
      embeddings: [
        { values: [1], statistics },
        { values: [2], statistics },
      ],
    });
    expect(counted).toEqual(ANSWERED.tokens);
  });

  it("is not known if nothing tells it", async () => {
    await ask({ embeddings: [{ values: [1] }, {}] });
    expect(counted).toEqual({});
  });
});

it("a chat counts beside a span of embeddings whose model is not known", async () => {
  const body = { object: "chat.completion", model: "small-1", choices: [], usage: ofOpenAi.usage };
  providers.server.answers.push(answered(body));
  const asked = openaiAt(providers.server.url).chat.completions.create({ model: "small", messages: [] });
  providers.bench.frameworkReports.spanAsks({ operation: "embeddings" })();
  await asked;
  expect(done()).toEqual(ANSWERED);
});
