import { BroadcastChannel, threadId, type Worker } from "node:worker_threads";
import { onProcess } from "../system/process-events.ts";
import type { Report } from "./report.ts";
import type { ReportReceiver } from "./report-connection.ts";

const CHANNEL = "otel-forecast/members";

/**
 * Receives the reports of the worker threads of this process, and notices when a thread ends. Does
 * not keep the process alive.
 *
 * @returns a function that stops it.
 */
export function listenToThreads(receiver: ReportReceiver): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => {
    const { data } = event as { data?: { thread?: unknown; report?: unknown } };
    if (typeof data?.thread === "number") receiver.take(`thread ${data.thread}`, data.report);
  };
  channel.unref();
  const onWorker = (worker: Worker): void => {
    const id = `thread ${worker.threadId}`;
    worker.once("exit", () => receiver.remove(id));
  };
  const stopWatching = onProcess("worker", onWorker);
  return () => {
    stopWatching();
    channel.close();
  };
}

/**
 * Sends a report from a worker thread. The channel is closed at once: an open one receives the
 * other threads' reports.
 */
export function reportFromThread(report: Report): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ thread: threadId, report });
  channel.close();
}
