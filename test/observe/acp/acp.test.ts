import { afterEach, beforeEach, expect, it } from "vitest";
import { AcpObserver, CONNECTION } from "../../../src/observe/acp/acp.ts";
import { DedupedWorkLog } from "../../../src/observe/spans/deduped-work-log.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { WorkBench } from "../bench-of-work.ts";
import { connect, connectionClass, type Prompt } from "./acp-sdk.ts";

let bench: WorkBench;
let observer: AcpObserver;

beforeEach(() => {
  bench = new WorkBench();
  observer = new AcpObserver(bench.work);
  observer.start();
  addLoadedClass(CONNECTION, connectionClass());
});
afterEach(() => observer.stop());

/** One prompt to an agent, and its answer or the code of its error. */
async function ask(
  answer: (prompt: Prompt) => Promise<unknown>,
  info: { name?: string } = { name: "coder" },
) {
  const peers = await connect(info.name, answer);
  const answered = await peers.prompt().catch((error) => error.code);
  peers.close();
  return answered;
}

const stops = (stopReason: string) => async () => ({ stopReason });
const tool = { sessionUpdate: "tool_call", toolCallId: "a-call-id", title: "Reads secret.txt", kind: "read" };
const ended = (completedTasks: number, failedTasks = 0, cancelledTasks = 0) => ({
  completedTasks,
  failedTasks,
  cancelledTasks,
  activeTasks: 0,
});

it.for([
  { reason: "end_turn", counted: ended(1) },
  { reason: "cancelled", counted: ended(0, 0, 1) },
  { reason: "refusal", counted: ended(0, 1), errorType: "refusal" },
  { reason: "max_tokens", counted: ended(0, 1), errorType: "max_tokens" },
  { reason: "max_turn_requests", counted: ended(0, 1), errorType: "max_turn_requests" },
])("a turn that stops with $reason", async ({ reason, counted, errorType }) => {
  expect(await ask(stops(reason))).toEqual({ stopReason: reason });
  expect(bench.of("coder")).toMatchObject(counted);
  const [shown] = (await bench.standard()).gen_ai_invoke_agent_duration_seconds ?? [];
  if (errorType !== undefined) expect(shown).toMatchObject({ "error.type": errorType });
});

it("an error is a failure with its code", async () => {
  const broken = async () => {
    throw new RangeError("a secret text");
  };
  expect(await ask(broken)).toBe(-32603);
  expect(bench.of("coder")).toMatchObject(ended(0, 1));
  const shown = JSON.stringify(await bench.standard());
  expect(shown).toContain('"error.type":"-32603"');
  expect(shown).not.toContain("secret");
});

it("what fails after it was cancelled is cancelled", async () => {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const peers = await connect("coder", async ({ update }) => {
    await update(tool);
    await cancelled;
    throw new Error("given up");
  });
  const answer = peers.prompt().catch((error) => error.code);
  await peers.cancel();
  resolve();
  expect(await answer).toBe(-32603);
  expect(bench.of("coder")).toMatchObject(ended(0, 0, 1));
});

it("a request that the client cancels is cancelled", async () => {
  const controller = new AbortController();
  const peers = await connect("coder", async ({ signal }) => {
    controller.abort();
    await new Promise((aborted) => signal.addEventListener("abort", aborted));
    throw signal.reason;
  });
  await expect(peers.prompt({ cancellationSignal: controller.signal })).rejects.toThrow();
  expect(bench.of("coder")).toMatchObject(ended(0, 0, 1));
});

it("a client that goes away cancels the turn", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const peers = await connect("coder", () => {
    begin();
    return new Promise(() => {});
  });
  const answer = peers.prompt().catch(() => {});
  await begun;
  expect(bench.of("coder").activeTasks).toBe(1);
  peers.close();
  await answer;
  await bench.settled("coder");
  expect(bench.of("coder")).toMatchObject(ended(0, 0, 1));
});

it("in version 2 of the protocol, a turn ends when the session is idle", async () => {
  const { promise: seen, resolve: see } = Promise.withResolvers<void>();
  const answer: Parameters<typeof connect>[1] = async ({ update }) => {
    void seen.then(() => update({ sessionUpdate: "state_update", state: "idle", stopReason: "refusal" }));
    return { messageId: "1" };
  };
  const peers = await connect("coder", answer, 2);
  await peers.prompt();
  expect(bench.of("coder")).toMatchObject({ activeTasks: 1 });
  see();
  await bench.settled("coder");
  expect(bench.of("coder")).toMatchObject(ended(0, 1));
  peers.close();
});

it("tools are steps, by their name or their kind; titles and ids are no labels", async () => {
  await ask(async ({ update }) => {
    await update({ ...tool, status: "completed" });
    await update({ sessionUpdate: "tool_call_update", toolCallId: tool.toolCallId, content: [] });
    await update({ ...tool, toolCallId: "2", name: "grep", status: "failed" });
    await update({ ...tool, toolCallId: "3", kind: undefined, status: "completed" });
    return { stopReason: "end_turn" };
  });
  expect(bench.of("coder")).toMatchObject({
    ...ended(1),
    openFailures: [{ failureType: "execute_tool grep" }],
  });
  const standard = await bench.standard();
  const tools = standard.gen_ai_execute_tool_duration_seconds as { "gen_ai.tool.name": string }[];
  expect(tools.map((it) => it["gen_ai.tool.name"]).sort()).toEqual(["grep", "other", "read"]);
  expect(JSON.stringify(standard)).not.toMatch(/secret|a-call-id|a-session-id/);
});

it("an agent without a name is that of the process", async () => {
  await ask(stops("end_turn"), {});
  expect(bench.agentNames).toEqual(["the-process"]);
});

it("if an agent of a framework works inside a turn, tools are for the framework to report", async () => {
  await ask(async ({ update }) => {
    bench.work.begin("inner").end("success");
    await update({ ...tool, status: "completed" });
    return { stopReason: "end_turn" };
  });
  expect(bench.of("coder")).toMatchObject(ended(1));
  expect(bench.of("inner")).toMatchObject(ended(1));
  expect((await bench.standard()).gen_ai_execute_tool_duration_seconds).toBeUndefined();
});

it("a framework that was started before the turn reports its tools itself", async () => {
  const inner = bench.work.begin("inner");
  await ask(async ({ update }) => {
    const end = inner.toolStarts("readFile");
    await update({ ...tool, status: "in_progress" });
    end("success");
    await update({ ...tool, sessionUpdate: "tool_call_update", status: "completed" });
    return { stopReason: "end_turn" };
  });
  inner.end("success");
  const tools = (await bench.standard()).gen_ai_execute_tool_duration_seconds;
  expect(tools).toMatchObject([{ "gen_ai.tool.name": "readFile", count: 1 }]);
});

it("an agent of a framework with the same name has the task, and the turn is none", async () => {
  await ask(async () => {
    bench.work.begin("coder").end("success");
    return { stopReason: "end_turn" };
  });
  expect(bench.of("coder")).toMatchObject(ended(1));
});

it("an agent of spans with the same name has the task, and the turn is none", async () => {
  const spans = new DedupedWorkLog(bench.log, bench.frameworkReports);
  await ask(async () => {
    spans.openTask("coder", "invoke_agent")("success", 1);
    return { stopReason: "refusal" };
  });
  expect(bench.of("coder")).toMatchObject(ended(1));
});

it("hostile messages change nothing for the agent", async () => {
  const hostile = {
    sessionUpdate: "tool_call",
    title: "",
    get toolCallId(): never {
      throw new Error("hostile");
    },
  };
  const answer = await ask(async ({ update }) => {
    await update(hostile).catch(() => {});
    return { stopReason: "end_turn" };
  });
  expect(answer).toEqual({ stopReason: "end_turn" });
  expect(bench.of("coder")).toMatchObject(ended(1));
});
