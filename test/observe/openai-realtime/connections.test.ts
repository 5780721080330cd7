import { expect, it } from "vitest";
import { OpenAiRealtimeObserver } from "../../../src/observe/openai-realtime/openai-realtime.ts";
import { recordedWork } from "../work/recorded.ts";

/** A session whose connection the test breaks, and the turns that are recorded of it. */
function watchedSession() {
  const bench = recordedWork();
  const observer = new OpenAiRealtimeObserver(bench.work);
  class Session {
    readonly listeners: ((status: unknown) => void)[] = [];
    readonly transport = {
      on: (_: string, listener: (status: unknown) => void) => this.listeners.push(listener),
    };
    emit(..._: unknown[]): void {}
    connect(): void {}
    close(): void {}
  }
  observer.join(Session);
  const session = new Session();
  const becomes = (status: string): unknown[][] => {
    for (const listener of session.listeners) listener(status);
    return bench.done();
  };
  return { bench, observer, session, becomes };
}

it("a session is watched once, however often it connects, and fails when its connection is lost", () => {
  const { bench, session, becomes } = watchedSession();
  for (let times = 0; times < 2; times += 1) session.connect();
  expect(session.listeners).toHaveLength(1);
  session.emit("agent_start", {}, { name: "guide" });
  bench.done();
  expect(becomes("connected")).toEqual([]);
  expect(becomes("disconnected")).toEqual([["model closes"], ["end", "failure", "connection_lost"]]);
  expect(becomes("disconnected")).toEqual([]);
});

it("a turn is cancelled by the close of its session, and nothing is recorded after the stop", () => {
  const { bench, observer, session, becomes } = watchedSession();
  session.connect();
  session.emit("agent_start", {}, { name: "guide" });
  bench.done();
  session.close();
  expect(bench.done()).toEqual([["model closes"], ["end", "cancelled", undefined]]);
  session.emit("agent_start", {}, { name: "guide" });
  bench.done();
  observer.stop();
  expect(becomes("disconnected")).toEqual([]);
  session.emit("agent_start", {}, { name: "guide" });
  session.close();
  expect(bench.done()).toEqual([]);
});
