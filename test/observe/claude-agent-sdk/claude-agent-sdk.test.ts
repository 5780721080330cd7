import { describe, expect, it, vi } from "vitest";
import { ClaudeAgentSdkObserver } from "../../../src/observe/claude-agent-sdk/claude-agent-sdk.ts";
import type { QueryModule } from "../../../src/observe/claude-agent-sdk/query-module.ts";
import { WorkBench } from "../bench-of-work.ts";
import { answer, FakeModule, init, result, type Script } from "./fake-sdk.ts";

function observed(script: Script): { bench: WorkBench; sdk: FakeModule; observer: ClaudeAgentSdkObserver } {
  const bench = new WorkBench();
  const observer = new ClaudeAgentSdkObserver(bench.work);
  const sdk = new FakeModule(script);
  observer.join(sdk as QueryModule);
  return { bench, sdk, observer };
}

async function readAll(query: AsyncIterable<unknown>): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const message of query) messages.push(message);
  return messages;
}

const yields = (...messages: object[]): Script =>
  async function* () {
    yield* messages;
  };
const tool = (name: string, id = "call") => ({ tool_name: name, tool_use_id: id });

describe("a turn of a query", () => {
  it("is active from its start, and a task with tokens and cost at its result", async () => {
    const { bench, sdk } = observed(yields(init, answer("1"), result()));
    const query = sdk.run("Go.");
    expect(bench.of("planner").activeTasks).toBe(1);
    expect(await readAll(query)).toHaveLength(3);
    expect(bench.of("planner")).toMatchObject({ activeTasks: 0, completedTasks: 1 });
    expect(bench.of("planner").resourceConsumption).toEqual({
      input_tokens: 16,
      output_tokens: 5,
      cost: 0.01,
    });
    const { gen_ai_client_token_usage: tokens } = await bench.standard();
    expect(tokens).toContainEqual(
      expect.objectContaining({
        "gen_ai.request.model": "large",
        "gen_ai.provider.name": "anthropic",
        sum: 16,
      }),
    );
  });

  it("belongs to the agent of the process without a name", async () => {
    const { bench, sdk } = observed(yields(result()));
    await readAll(sdk.query({ prompt: "Go." } as never) as AsyncIterable<unknown>);
    expect(bench.of("the-process").completedTasks).toBe(1);
  });

  it("of streaming input begins with its first message; messages after a result begin none", async () => {
    const after = { type: "system", subtype: "post_turn_summary" };
    const ofSubagent = answer("late", { parent_tool_use_id: "call" });
    const { bench, sdk } = observed(yields(init, result(1), after, ofSubagent, answer("2"), result(2)));
    const query = sdk.run((async function* () {})());
    const active: number[] = [];
    const look = () => active.push(bench.of("planner").activeTasks);
    look();
    for await (const _ of query) look();
    expect(active).toEqual([0, 1, 0, 0, 0, 1, 0]);
    expect(bench.of("planner")).toMatchObject({ completedTasks: 2, cancelledTasks: 0 });
    expect(bench.of("planner").resourceConsumption).toEqual({
      input_tokens: 32,
      output_tokens: 10,
      cost: 0.02,
    });
  });

  it.for([
    [{ subtype: "error_max_turns", is_error: true }, "error_max_turns"],
    [{ is_error: true, terminal_reason: "api_error", api_error_status: 529 }, "api_error"],
    [{ is_error: true, terminal_reason: "completed", api_error_status: 529 }, "529"],
    [{ is_error: true }, "error_result"],
  ] as const)("fails by its result %j", async ([ending, errorType]) => {
    const { bench, sdk } = observed(yields(answer("1"), result(1, ending)));
    await readAll(sdk.run("Go."));
    expect(bench.of("planner")).toMatchObject({ failedTasks: 1, completedTasks: 0 });
    await bench.harness.ticks(2);
    const failed = (await bench.harness.shown()).get("ai_cloud_task_duration_seconds");
    expect(failed?.map(({ labels }) => labels.error_type)).toEqual([errorType]);
  });

  it.for([["aborted_streaming"], ["aborted_tools"]])("is cancelled by its result: %s", async ([reason]) => {
    const aborted = result(1, { subtype: "error_during_execution", is_error: true, terminal_reason: reason });
    const { bench, sdk } = observed(yields(answer("1"), aborted));
    await readAll(sdk.run("Go."));
    expect(bench.of("planner")).toMatchObject({ failedTasks: 0, cancelledTasks: 1 });
  });

  it("counts an answer once, whatever its parts, and each repeated request as a failed attempt", async () => {
    const retry = { type: "system", subtype: "api_retry", error: "overloaded" };
    const { bench, sdk } = observed(
      yields(answer("1"), answer("1"), retry, answer("2"), answer("3"), result()),
    );
    await readAll(sdk.run("Go."));
    await bench.harness.ticks(2);
    const shown = await bench.harness.shown();
    expect(shown.get("ai_cloud_succeeded_attempts_total")).toMatchObject([{ value: 2 }]);
    expect(shown.get("ai_cloud_retried_attempts_total")).toMatchObject([
      { labels: { task_type: "chat", error_type: "overloaded" }, value: 1 },
    ]);
  });
});

describe("tools and sub-agents", () => {
  it("are attempts and tasks, by our hooks", async () => {
    const { bench, sdk } = observed(async function* (query) {
      yield answer("1");
      await query.hook("PreToolUse", tool("Read"));
      await query.hook("PostToolUseFailure", { ...tool("Read"), error: "RangeError: no such line" });
      yield answer("2");
      await query.hook("PreToolUse", tool("Read"));
      await query.hook("PostToolUse", tool("Read"));
      yield { type: "system", subtype: "task_started", task_id: "agent", tool_use_id: "agent call" };
      await query.hook("SubagentStart", { agent_id: "agent", agent_type: "researcher" });
      yield answer("3", { parent_tool_use_id: "agent call" });
      await query.hook("PreToolUse", { ...tool("Grep", "inner"), agent_id: "agent" });
      await query.hook("PostToolUse", { ...tool("Grep", "inner"), agent_id: "agent" });
      await query.hook("SubagentStop", { agent_id: "agent", agent_type: "researcher" });
      yield answer("4");
      yield result();
    });
    await readAll(sdk.run("Go."));
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1, openFailures: [] });
    expect(bench.of("researcher")).toMatchObject({ completedTasks: 1, activeTasks: 0 });
    const { gen_ai_execute_tool_duration_seconds: tools } = await bench.standard();
    expect(tools).toMatchObject([
      { "gen_ai.tool.name": "Read", "error.type": "RangeError", count: 1 },
      { "gen_ai.tool.name": "Read", count: 1 },
      { "gen_ai.tool.name": "Grep", count: 1 },
    ]);
  });

  it("that were denied have failed; what was interrupted is cancelled; a failed sub-agent has failed", async () => {
    const { bench, sdk } = observed(async function* (query) {
      await query.hook("PreToolUse", tool("Bash", "denied at once"));
      yield { type: "system", subtype: "permission_denied", tool_use_id: "denied at once" };
      await query.hook("PreToolUse", tool("Bash", "denied"));
      await query.hook("PreToolUse", tool("Write", "interrupted"));
      await query.hook("PostToolUseFailure", { ...tool("Write", "interrupted"), is_interrupt: true });
      for (const agent_id of ["one", "two", "three"])
        await query.hook("SubagentStart", { agent_id, agent_type: "researcher" });
      yield { type: "system", subtype: "task_notification", task_id: "one", status: "failed" };
      yield { type: "system", subtype: "task_notification", task_id: "two", status: "stopped" };
      yield result(1, { permission_denials: [{ tool_use_id: "denied" }, { tool_use_id: "denied at once" }] });
    });
    await readAll(sdk.run("Go."));
    const { gen_ai_execute_tool_duration_seconds: tools } = await bench.standard();
    expect(tools).toMatchObject([
      { "gen_ai.tool.name": "Bash", "error.type": "permission_denied", count: 2 },
      { "gen_ai.tool.name": "Write", "error.type": "cancelled", count: 1 },
    ]);
    // The third had not ended when the query did.
    expect(bench.of("researcher")).toMatchObject({ failedTasks: 1, cancelledTasks: 2, activeTasks: 0 });
  });

  it("leave the hooks of the app in front, as the same objects, and their answers as they are", async () => {
    const own = { matcher: "Bash", hooks: [async () => ({ decision: "block" })] };
    const hooks = { PreToolUse: [own], Stop: [own] };
    const options = { agent: "planner", hooks };
    const answers: unknown[] = [];
    const { sdk } = observed(async function* (query) {
      answers.push(...(await query.hook("PreToolUse", tool("Bash"))));
      yield result();
    });
    await readAll(sdk.run("Go.", options));
    const given = sdk.started[0]?.params.options?.hooks;
    expect(given?.PreToolUse?.[0]).toBe(own);
    expect(given?.Stop).toBe(hooks.Stop);
    expect(answers).toEqual([{ decision: "block" }, {}]);
    expect(options).toEqual({ agent: "planner", hooks: { PreToolUse: [own], Stop: [own] } });
  });

  it("have only the hooks that this version of the SDK has", async () => {
    const { sdk } = observed(yields(result()));
    Object.assign(sdk, { hookEvents: ["PreToolUse"] });
    await readAll(sdk.run("Go."));
    expect(Object.keys(sdk.started[0]?.params.options?.hooks ?? {})).toEqual(["PreToolUse"]);
  });
});

describe("a query", () => {
  it("throws the same error to the app, and counts it once", async () => {
    const error = Object.assign(new Error("secret"), { errorClass: "process_exit" });
    const { bench, sdk } = observed(async function* () {
      yield init;
      throw error;
    });
    await expect(readAll(sdk.run("Go."))).rejects.toBe(error);
    expect(bench.of("planner")).toMatchObject({ failedTasks: 1, activeTasks: 0 });
  });

  it("that throws after the result of a failed turn counts that turn only", async () => {
    const { bench, sdk } = observed(async function* () {
      yield result(1, { is_error: true });
      throw new Error("Claude Code returned an error result");
    });
    await expect(readAll(sdk.run("Go."))).rejects.toThrow();
    expect(bench.of("planner")).toMatchObject({ failedTasks: 1, completedTasks: 0 });
  });

  it("of streaming input that can't start is a failed task", async () => {
    const { bench, sdk } = observed(async function* () {
      yield* [];
      throw new TypeError("no");
    });
    await expect(readAll(sdk.run((async function* () {})()))).rejects.toThrow(TypeError);
    expect(bench.of("planner").failedTasks).toBe(1);
  });

  it("leaves a rejection unhandled that no code of the app handles", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const error = new Error("of no one");
    const { sdk } = observed(async function* () {
      yield* [];
      throw error;
    });
    void sdk.run("Go.").next();
    await vi.waitFor(() => expect(unhandled).toHaveBeenCalledWith(error, expect.anything()));
    process.off("unhandledRejection", unhandled);
  });

  it.for([
    [
      "a loop that breaks",
      async (query) => {
        for await (const _ of query) break;
      },
    ],
    [
      "return",
      async (query) => {
        await query.next();
        await query.return();
      },
    ],
    [
      "throw",
      async (query) => {
        await query.next();
        await query.throw(new Error("of the app")).catch(() => {});
      },
    ],
    ["close", async (query) => query.close()],
    ["await using", async (query) => query[Symbol.asyncDispose]()],
    [
      "a query that ends without a result",
      async (query) => {
        await readAll(query);
      },
    ],
  ] as [string, (query: ReturnType<FakeModule["run"]>) => Promise<void>][])(
    "is cancelled by %s",
    async ([, end]) => {
      const { bench, sdk } = observed(yields(init, answer("1")));
      await end(sdk.run("Go."));
      expect(bench.of("planner")).toMatchObject({ cancelledTasks: 1, activeTasks: 0, failedTasks: 0 });
    },
  );

  it("that is interrupted is cancelled by its result; interrupt returns what it returns", async () => {
    const { bench, sdk } = observed(yields(init, result(1, { subtype: "error_during_execution" })));
    const query = sdk.run("Go.");
    await query.next();
    expect(await query.interrupt()).toBe("receipt");
    await readAll(query);
    expect(bench.of("planner")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
  });

  it.for([
    [undefined, { cancelledTasks: 1, failedTasks: 0 }],
    [new DOMException("", "TimeoutError"), { cancelledTasks: 0, failedTasks: 1 }],
  ] as const)("that the app aborts with %s ends as that", async ([reason, counts]) => {
    const abortController = new AbortController();
    const { bench, sdk } = observed(async function* () {
      yield init;
      abortController.abort(reason);
      throw new Error("Claude Code process aborted by user");
    });
    await expect(readAll(sdk.run("Go.", { agent: "planner", abortController }))).rejects.toThrow();
    expect(bench.of("planner")).toMatchObject(counts);
  });

  it("stays the object that the SDK made, without a property that can be seen", () => {
    const { sdk } = observed(yields(result()));
    const query = sdk.run("Go.");
    expect(query).toBe(sdk.started[0]);
    expect(Object.keys(query)).toEqual(["params", "sdkMessages", "calls"]);
    expect(Object.keys(query.sdkMessages)).toEqual([]);
    expect(query[Symbol.asyncIterator]()).toBe(query.sdkMessages);
    expect([query.close.name, query.interrupt.length]).toEqual(["close", 0]);
  });

  it("gets options whose getters read private members, and which may be frozen", async () => {
    class Options {
      readonly #folder = "/srv";
      readonly agent = "planner";
      get cwd(): string {
        return this.#folder;
      }
    }
    const { bench, sdk } = observed(yields(result()));
    await readAll(sdk.run("Go.", Object.freeze(new Options())));
    const options = sdk.started[0]?.params.options;
    expect([options?.cwd, options instanceof Options, Object.keys({ ...options })]).toEqual([
      "/srv",
      true,
      ["agent", "hooks"],
    ]);
    expect(bench.of("planner").completedTasks).toBe(1);
  });

  it("starts as without us if its arguments are none, and throws what the SDK throws", () => {
    const { bench, sdk, observer } = observed(yields());
    const error = new TypeError("no prompt");
    const plain: QueryModule = {
      query: () => {
        throw error;
      },
    };
    observer.join(plain);
    const query = plain.query as unknown as (given?: unknown) => unknown;
    for (const given of [undefined, null, 1, { prompt: "Go.", options: 1 }, { prompt: "Go." }])
      expect(() => query(given)).toThrow(error);
    expect(bench.of("the-process")).toMatchObject({ failedTasks: 1, activeTasks: 0 });
    expect(sdk.started).toEqual([]);
  });
});

describe("the module of the SDK", () => {
  it("gets its own function back when the observation stops", async () => {
    const sdk = new FakeModule(yields(result()));
    const { query } = sdk;
    const bench = new WorkBench();
    const observer = new ClaudeAgentSdkObserver(bench.work);
    observer.join(sdk);
    observer.join(sdk);
    expect(sdk.query).not.toBe(query);
    expect([sdk.query.name, sdk.query.length]).toEqual([query.name, query.length]);
    await readAll(sdk.run("Go."));
    expect(bench.of("planner").completedTasks).toBe(1);
    observer.stop();
    expect(sdk.query).toBe(query);
  });

  it.for([
    ["without query", {}, {}],
    ["whose query gives no iterator", { query: () => ({}) }, {}],
    ["whose query gives another iterator", { query: () => [][Symbol.iterator]() }, {}],
  ])("is left alone if its version is not known: %s", ([, given]) => {
    const bench = new WorkBench();
    const logged = vi.spyOn(bench.work, "logOnce");
    const sdk = given as QueryModule;
    new ClaudeAgentSdkObserver(bench.work).join(sdk);
    const query = sdk.query as ((given: unknown) => unknown) | undefined;
    expect(() => query?.({ prompt: "Go.", options: { agent: "planner" } })).not.toThrow();
    expect(logged).toHaveBeenCalledWith(
      "this version of the Claude Agent SDK is not known, its agents are not observed",
    );
    expect(bench.of("planner")).toMatchObject({ activeTasks: 0, failedTasks: 0, cancelledTasks: 0 });
  });

  it("may start Claude Code before the prompt: the task starts with the query", async () => {
    const sdk = new FakeModule(async function* (query) {
      await query.hook("PreToolUse", tool("Read"));
      await query.hook("PostToolUse", tool("Read"));
      yield result();
    });
    const own = sdk.query;
    const startup = async (given: { options?: object } = {}) => {
      const warm = { query: (prompt: unknown) => own({ prompt, ...given } as never) };
      return warm;
    };
    const module: QueryModule = Object.assign(sdk, { startup });
    const bench = new WorkBench();
    const observer = new ClaudeAgentSdkObserver(bench.work);
    observer.join(module);
    const warm = await (module.startup as typeof startup)({ options: { agent: "planner" } });
    expect(Object.keys(warm)).toEqual(["query"]);
    expect(bench.of("planner").activeTasks).toBe(0);
    const query = warm.query("Go.");
    expect(query).toBe(sdk.started[0]);
    expect(bench.of("planner").activeTasks).toBe(1);
    await readAll(query as AsyncIterable<unknown>);
    expect(bench.of("planner").completedTasks).toBe(1);
    const { gen_ai_execute_tool_duration_seconds: tools } = await bench.standard();
    expect(tools).toMatchObject([{ "gen_ai.tool.name": "Read", count: 1 }]);
    await readAll((await (module.startup as typeof startup)()).query("Go.") as AsyncIterable<unknown>);
    expect(bench.of("the-process").completedTasks).toBe(1);
    observer.stop();
    expect(module.startup).toBe(startup);
  });

  it("whose startup serves one query leaves that query alone when another is asked for", async () => {
    const sdk = new FakeModule(yields(init, result()));
    const own = sdk.query;
    let asked = 0;
    const startup = async () => ({
      query: (prompt: unknown) => {
        asked += 1;
        if (asked > 1) throw new Error("once only");
        return own({ prompt } as never);
      },
    });
    const module: QueryModule = Object.assign(sdk, { startup });
    const bench = new WorkBench();
    new ClaudeAgentSdkObserver(bench.work).join(module);
    const warm = await (module.startup as typeof startup)();
    const query = warm.query("Go.");
    expect(() => warm.query("Again.")).toThrow("once only");
    await readAll(query as AsyncIterable<unknown>);
    expect(() => warm.query("Again.")).toThrow("once only");
    expect(bench.of("the-process")).toMatchObject({ completedTasks: 1, failedTasks: 0, activeTasks: 0 });
  });

  it("whose startup fails throws the same error, and counts nothing", async () => {
    const error = new Error("no Claude Code");
    const module: QueryModule = {
      query: () => undefined,
      startup: () => Promise.reject(error),
    };
    const bench = new WorkBench();
    new ClaudeAgentSdkObserver(bench.work).join(module);
    await expect((module.startup as () => Promise<unknown>)()).rejects.toBe(error);
    expect(bench.of("the-process")).toMatchObject({ failedTasks: 0, activeTasks: 0 });
  });

  it("may be that for browsers, whose options are beside the prompt", async () => {
    const { bench, sdk } = observed(yields(init, result()));
    const params = { prompt: (async function* () {})(), websocket: { url: "ws://127.0.0.1" } };
    await readAll(sdk.query(params as never) as AsyncIterable<unknown>);
    const started = sdk.started[0]?.params as unknown as { hooks?: object; options?: object };
    expect(Object.keys(started.hooks ?? {})).toContain("PreToolUse");
    expect(started.options).toBeUndefined();
    expect(bench.of("the-process").completedTasks).toBe(1);
  });

  it("ends with its result, whatever else that says", async () => {
    const odd = { permission_denials: 5, terminal_reason: 5, api_error_status: {} };
    const { bench, sdk } = observed(yields(init, result(1, odd), init, result(2, { ...odd, subtype: 5 })));
    await readAll(sdk.run("Go."));
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1, failedTasks: 1, cancelledTasks: 0 });
  });

  it("gets the hooks that the app gives if those are none", async () => {
    const { sdk } = observed(yields(result()));
    sdk.run("Go.", { hooks: null });
    expect(sdk.started[0]?.params.options?.hooks).toBeNull();
  });

  it("survives messages and hooks of any shape", async () => {
    const odd = [null, 1, {}, { type: "result", modelUsage: { large: null }, permission_denials: [null] }];
    const { bench, sdk } = observed(async function* (query) {
      for (const event of ["PreToolUse", "PostToolUseFailure", "SubagentStart", "SubagentStop"])
        await query.hook(event, {});
      yield* odd as object[];
      yield { type: "assistant" };
      yield { type: "system" };
    });
    expect(await readAll(sdk.run("Go."))).toHaveLength(6);
    expect(bench.of("planner").activeTasks).toBe(0);
  });
});
