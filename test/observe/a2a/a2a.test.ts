import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { A2aObserver, REQUEST_HANDLER } from "../../../src/observe/a2a/a2a.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { eventually } from "../../eventually.ts";
import { WorkBench } from "../bench-of-work.ts";
import { handlerClasses, serve, type Work } from "./a2a-sdk.ts";

const AGENT = "translator";
let bench: WorkBench;
let observer: A2aObserver;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  bench = new WorkBench();
  observer = new A2aObserver(bench.work);
  observer.start();
  for (const loaded of handlerClasses) addLoadedClass(REQUEST_HANDLER, loaded);
});
afterEach(() => {
  observer.stop();
  vi.restoreAllMocks();
});

const ended = (completedTasks: number, failedTasks = 0, cancelledTasks = 0) => ({
  completedTasks,
  failedTasks,
  cancelledTasks,
  activeTasks: 0,
});

const ways = ["send", "stream"] as const;
const STATES = [
  { state: "completed", counted: ended(1) },
  { state: "failed", counted: ended(0, 1) },
  { state: "canceled", counted: ended(0, 0, 1) },
  { state: "rejected", counted: ended(0, 1) },
  { state: "input-required", counted: ended(1) },
  { state: "auth-required", counted: ended(1) },
] as const;

it.for(ways.flatMap((way) => STATES.map((it) => ({ ...it, way }))))(
  "a task that is $state after a $way",
  async ({ state, counted, way }) => {
    const execute = ({ become }: Work) => {
      become("submitted");
      become("working");
      become(state);
    };
    // The stream of a task that waits for a person stays open.
    void serve(AGENT, { execute })[way]();
    await eventually(() => expect(bench.of(AGENT)).toMatchObject(counted));
  },
);

it.for([
  { error: new RangeError("a secret text"), counted: ended(0, 1), errorType: "RangeError" },
  { error: new DOMException("given up", "AbortError"), counted: ended(0, 0, 1), errorType: "cancelled" },
])("an executor that throws $errorType", async ({ error, counted, errorType }) => {
  const execute = async () => {
    throw error;
  };
  expect(await serve(AGENT, { execute }).send()).toMatchObject({ status: { state: 4 } });
  expect(bench.of(AGENT)).toMatchObject(counted);
  const shown = JSON.stringify(await bench.standard());
  expect(shown).toContain(`"error.type":"${errorType}"`);
  expect(shown).not.toContain("secret");
});

it("an answer that is a message only is a success", async () => {
  expect(await serve(AGENT, { execute: ({ answer }) => answer() }).send()).toMatchObject({ messageId: "m" });
  expect(bench.of(AGENT)).toMatchObject(ended(1));
});

it("a task that a client cancels is cancelled, even if its executor goes on", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<string>();
  const { promise: over, resolve: finish } = Promise.withResolvers<void>();
  const server = serve(AGENT, {
    execute: async ({ become, taskId }) => {
      become("submitted");
      begin(taskId);
      await over;
    },
    cancel: ({ become }) => {
      become("canceled");
      finish();
    },
  });
  const answer = server.send();
  const taskId = await begun;
  await eventually(() => server.cancel(taskId));
  expect(bench.of(AGENT)).toMatchObject(ended(0, 0, 1));
  await answer;
  expect(bench.of(AGENT)).toMatchObject(ended(0, 0, 1));
});

it("a task that is cancelled ends before its executor returns", async () => {
  const { promise: over, resolve: finish } = Promise.withResolvers<void>();
  const execute = async ({ become }: Work) => {
    become("submitted");
    become("canceled");
    await over;
  };
  const answer = serve(AGENT, { execute }).send();
  await eventually(() => expect(bench.of(AGENT)).toMatchObject(ended(0, 0, 1)));
  finish();
  await answer;
});

it("a task that goes on after its executor has returned ends with its events", async () => {
  let become: Work["become"] = () => {};
  const server = serve(AGENT, {
    execute: (work) => {
      become = work.become;
      become("submitted");
      become("working");
    },
    goesOnIn: ["working"],
  });
  void server.send();
  await eventually(() => expect(bench.of(AGENT).activeTasks).toBe(1));
  expect(bench.of(AGENT)).toMatchObject({ completedTasks: 0, activeTasks: 1 });
  become("completed");
  expect(bench.of(AGENT)).toMatchObject(ended(1));
});

it("a request that is refused before the agent sees it is no task", async () => {
  const server = serve(AGENT, { execute: () => {} });
  await expect(server.cancel("no-such-task")).rejects.toThrow();
  expect(bench.agentNames).toEqual([]);
});

it("an agent of a framework inside has a task of its own, unless it has the same name", async () => {
  for (const inner of ["writer", AGENT]) {
    const execute = ({ become }: Work) => {
      become("submitted");
      bench.work.begin(inner).end("success");
      become("completed");
    };
    await serve(AGENT, { execute }).send();
  }
  expect(bench.of("writer")).toMatchObject(ended(1));
  expect(bench.of(AGENT)).toMatchObject(ended(2));
});

it("ids and texts are no labels", async () => {
  await serve(AGENT, { execute: ({ answer }) => answer() }).send();
  expect(JSON.stringify(await bench.standard())).not.toMatch(/secret|a-message-id/);
});
