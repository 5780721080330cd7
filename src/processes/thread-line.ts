import { BroadcastChannel, threadId, type Worker } from "node:worker_threads";
import type { ChildAgents } from "./child-agents.ts";
import type { ChildReport } from "./child-report.ts";

const CHANNEL = "otel-forecast/members";

/** Takes in what the worker threads of this process report, and notices their end. Keeps nothing alive. */
export function listenToThreads(members: ChildAgents): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => {
    const { data } = event as { data?: { thread?: unknown; report?: unknown } };
    if (typeof data?.thread === "number") members.take(`thread ${data.thread}`, data.report);
  };
  channel.unref();
  const onWorker = (worker: Worker): void => {
    const id = `thread ${worker.threadId}`;
    worker.once("exit", () => members.remove(id));
  };
  process.on("worker", onWorker);
  return () => {
    process.off("worker", onWorker);
    channel.close();
  };
}

/** From a worker thread. The channel is open for that long only, or it would take in what other threads report. */
export function reportFromThread(report: ChildReport): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ thread: threadId, report });
  channel.close();
}
