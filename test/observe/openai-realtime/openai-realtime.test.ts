import { spawnSync } from "node:child_process";
import { backgroundResult, RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { OpenAiRealtimeObserver } from "../../../src/observe/openai-realtime/openai-realtime.ts";
import { eventually } from "../../eventually.ts";
import { WorkBench } from "../bench-of-work.ts";
import { type Answer, FakeTransport } from "./fake-transport.ts";

let bench: WorkBench;
let observer: OpenAiRealtimeObserver;

beforeEach(() => {
  bench = new WorkBench();
  observer = new OpenAiRealtimeObserver(bench.work);
  observer.join(RealtimeSession);
});
afterEach(() => observer.stop());

const call = (name: string, input = "{}"): Answer => ({ calls: [{ name, input }] });
const usage = { input_tokens: 3, output_tokens: 5, input_token_details: { cached_tokens: 2 } };

function toolOf(name: string, execute: () => unknown, more: object = {}) {
  return tool({ name, description: "", parameters: z.object({}), execute: async () => execute(), ...more });
}

/** A session with agents, of which the first is asked, and what the server answers, one after the other. */
async function sessionWith(agent: RealtimeAgent, ...answers: Answer[]) {
  const left = [...answers];
  const transport = new FakeTransport(async () => left.shift() ?? {});
  const session = new RealtimeSession(agent, { transport });
  await session.connect({ apiKey: "none" });
  const answered = () => eventually(() => expect(left).toEqual([]));
  return { session, transport, answered };
}

it("leaves what rejects a call of a tool in the context that it has", async () => {
  const book = toolOf("book", () => "booked", { needsApproval: async () => true });
  const { session } = await sessionWith(
    new RealtimeAgent({ name: "guide", tools: [book] }),
    call("book"),
    {},
  );
  const asked = Promise.withResolvers<Parameters<typeof session.reject>[0]>();
  session.on("tool_approval_requested", (_context, _agent, { approvalItem }) => asked.resolve(approvalItem));
  session.sendMessage("Book it.");
  await session.reject(await asked.promise);
  expect(bench.work.currentAgents.innermost).toBeUndefined();
  await eventually(() => expect(bench.of("guide").completedTasks).toBe(2));
});

describe("a turn of a realtime agent", () => {
  it("is a task with its responses, tools, tokens and first output", async () => {
    const weather = toolOf("weather", () => "sunny");
    const agent = new RealtimeAgent({ name: "guide", tools: [weather] });
    const { session } = await sessionWith(agent, { ...call("weather"), usage }, { usage }, { usage });
    session.sendMessage("Weather?");
    await eventually(() => expect(bench.of("guide").completedTasks).toBe(1));
    session.sendMessage("Thanks.");
    await eventually(() => expect(bench.of("guide").completedTasks).toBe(2));
    expect(bench.of("guide")).toMatchObject({ successRate: 1, activeTasks: 0 });
    expect(bench.of("guide").resourceConsumption).toEqual({ input_tokens: 9, output_tokens: 15 });
    const { gen_ai_client_token_usage: tokens, gen_ai_execute_tool_duration_seconds: tools } =
      await bench.standard();
    expect(tokens).toContainEqual(
      expect.objectContaining({ "gen_ai.request.model": "small", "gen_ai.provider.name": "openai" }),
    );
    expect(tools).toMatchObject([{ "gen_ai.tool.name": "weather", count: 1 }]);
    const first = (await bench.harness.shown()).get("ai_cloud_first_token_duration_seconds") ?? [];
    expect(first.map(({ labels, value }) => [labels, (value as { count: number }).count])).toEqual([
      [{ agent: "guide", model: "small" }, 2],
    ]);
  });

  it("ends where it hands over, and the other agent's begins", async () => {
    const expert = new RealtimeAgent({ name: "expert" });
    const agent = new RealtimeAgent({ name: "guide", handoffs: [expert] });
    const { session } = await sessionWith(agent, call("transfer_to_expert"), {});
    session.sendMessage("Weather?");
    await eventually(() => expect(bench.of("expert").completedTasks).toBe(1));
    expect(bench.of("guide")).toMatchObject({ completedTasks: 1, successRate: 1, activeTasks: 0 });
    expect(await bench.standard()).not.toHaveProperty("gen_ai_execute_tool_duration_seconds");
  });

  it("goes on after a tool that has failed", async () => {
    const fails = toolOf("weather", () => {
      throw new RangeError("not now");
    });
    const { session } = await sessionWith(
      new RealtimeAgent({ name: "guide", tools: [fails] }),
      call("weather"),
      {},
    );
    session.sendMessage("Weather?");
    await eventually(() => expect(bench.of("guide").completedTasks).toBe(1));
    expect(bench.of("guide").openFailures).toMatchObject([{ failureType: "execute_tool weather" }]);
  });

  it("has failed if its tool throws into the session, which tells the app", async () => {
    const throws = toolOf(
      "weather",
      () => {
        throw new RangeError("not now");
      },
      { errorFunction: null },
    );
    const { session } = await sessionWith(
      new RealtimeAgent({ name: "guide", tools: [throws] }),
      call("weather"),
    );
    const errors: unknown[] = [];
    session.on("error", ({ error }) => errors.push(error));
    session.sendMessage("Weather?");
    await eventually(() => expect(bench.of("guide").failedTasks).toBe(1));
    expect(errors).toEqual([expect.any(RangeError)]);
  });

  it("has failed if it asks for a tool that does not exist, whose name is no label", async () => {
    const { session } = await sessionWith(new RealtimeAgent({ name: "guide" }), call("made_up"));
    session.on("error", () => {});
    session.sendMessage("Weather?");
    await eventually(() => expect(bench.of("guide").failedTasks).toBe(1));
    expect(JSON.stringify([...(await bench.harness.shown())])).not.toContain("made_up");
  });

  it.for([
    { answer: { status: "failed", code: "rate_limit_exceeded" }, ended: { failedTasks: 1 } },
    { answer: { status: "cancelled" }, ended: { cancelledTasks: 1 } },
    { answer: { status: "incomplete" }, ended: { completedTasks: 1 } },
  ] as const)("ends as its response: $answer.status", async ({ answer, ended }) => {
    const { session } = await sessionWith(new RealtimeAgent({ name: "guide" }), answer);
    session.sendMessage("Weather?");
    await eventually(() => expect(bench.of("guide")).toMatchObject(ended));
    expect(bench.of("guide").activeTasks).toBe(0);
  });

  it("is cancelled if the session is closed, and has failed if its connection is lost", async () => {
    for (const name of ["closed", "lost"]) {
      const { session, transport } = await sessionWith(new RealtimeAgent({ name }), { isEndless: true });
      session.sendMessage("Weather?");
      await eventually(() => expect(bench.of(name).activeTasks).toBe(1));
      if (name === "closed") session.close();
      else transport.close();
    }
    expect(bench.of("closed")).toMatchObject({ cancelledTasks: 1, failedTasks: 0, activeTasks: 0 });
    expect(bench.of("lost")).toMatchObject({ cancelledTasks: 0, failedTasks: 1, activeTasks: 0 });
  });

  it("ends when it asks a person, and another one goes on with the answer", async () => {
    const asks = toolOf("weather", () => "sunny", { needsApproval: true });
    const { session } = await sessionWith(
      new RealtimeAgent({ name: "guide", tools: [asks] }),
      call("weather"),
      {},
    );
    const approval = Promise.withResolvers<Parameters<typeof session.approve>[0]>();
    session.on("tool_approval_requested", (_context, _agent, { approvalItem }) =>
      approval.resolve(approvalItem),
    );
    session.sendMessage("Weather?");
    const item = await approval.promise;
    await eventually(() => expect(bench.of("guide").completedTasks).toBe(1));
    await session.approve(item);
    await eventually(() => expect(bench.of("guide").completedTasks).toBe(2));
    expect(bench.of("guide").activeTasks).toBe(0);
  });

  it("with a tool whose result needs no answer ends when the person goes on", async () => {
    const notes = toolOf("notes", () => backgroundResult("noted"));
    const agent = new RealtimeAgent({ name: "guide", tools: [notes] });
    const { session, transport } = await sessionWith(agent, call("notes"), {});
    session.sendMessage("Note this.");
    await eventually(() => expect(JSON.stringify(transport.sent)).toContain("noted"));
    session.sendMessage("And now?");
    await eventually(() => expect(bench.of("guide").completedTasks).toBe(2));
  });
});

it("counts the same call of a tool in one turn as a loop", async () => {
  const weather = toolOf("weather", () => "sunny");
  const agent = new RealtimeAgent({ name: "guide", tools: [weather] });
  const { session } = await sessionWith(agent, call("weather"), call("weather"), call("weather"), {});
  session.sendMessage("Weather?");
  await eventually(() => expect(bench.of("guide").completedTasks).toBe(1));
  await bench.harness.ticks(2);
  const loops = (await bench.harness.shown()).get("ai_cloud_repeated_tool_calls_total") ?? [];
  expect(loops.map(({ labels, value }) => [labels, value])).toEqual([
    [{ agent: "guide", tool: "weather" }, 1],
  ]);
});

it("leaves an error without a listener to the app, as without us", async () => {
  const { session, transport } = await sessionWith(new RealtimeAgent({ name: "guide" }));
  expect(session.listenerCount("error")).toBe(0);
  expect(() => transport.receive({ type: "error", error: { type: "invalid_request_error" } })).toThrow();
});

it("leaves the class as it was, once it is stopped", () => {
  observer.stop();
  expect(Object.hasOwn(RealtimeSession.prototype, "emit")).toBe(false);
});

it.for(["module", "commonjs"])("a %s that loads the package after us is observed", (type) => {
  const { href: source } = new URL(
    "../../../src/observe/openai-realtime/openai-realtime.ts",
    import.meta.url,
  );
  const load = type === "module" ? "await import" : "module.createRequire(import.meta.url)";
  const app = `
    import module from "node:module";
    const { OpenAiRealtimeObserver } = await import("${source}");
    new OpenAiRealtimeObserver({}).start();
    const { RealtimeSession } = ${load}("@openai/agents-realtime");
    console.log(Object.hasOwn(RealtimeSession.prototype, "emit"));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", app], {
    encoding: "utf8",
  });
  expect({ stdout, stderr }).toEqual({ stdout: "true\n", stderr: "" });
});
