import { BroadcastChannel, threadId, type Worker } from "node:worker_threads";
import { makeRoom } from "../system/listener-room.ts";
import { onProcess } from "../system/process-events.ts";
import { type Answering, answered, Questions } from "./questions.ts";
import type { Report } from "./report.ts";
import type { ReportReceiver } from "./report-connection.ts";

const CHANNEL = "otel-forecast/members";
/** The channel that threads listen to. Nothing but questions is sent there. */
const QUESTIONS_CHANNEL = "otel-forecast/questions";

/**
 * Receives the reports of the worker threads of this process, and notices when a thread ends. Does
 * not keep the process alive.
 *
 * @returns a function that stops it.
 */
export function listenToThreads(receiver: ReportReceiver): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const asked = new Map<number, Questions>();
  channel.onmessage = (event) => {
    const { data } = event as { data?: { thread?: unknown; report?: unknown } };
    if (typeof data?.thread !== "number") return;
    const { thread } = data;
    const questions =
      asked.get(thread) ?? new Questions((question) => post(QUESTIONS_CHANNEL, { thread, ...question }));
    if (questions.take(data)) return;
    if (receiver.take(`thread ${thread}`, data.report, questions)) asked.set(thread, questions);
  };
  channel.unref();
  const onWorker = (worker: Worker): void => {
    const { threadId: thread } = worker;
    makeRoom(worker);
    worker.once("exit", () => {
      asked.get(thread)?.close();
      asked.delete(thread);
      receiver.remove(`thread ${thread}`);
    });
  };
  const stopWatching = onProcess("worker", onWorker);
  return () => {
    stopWatching();
    channel.close();
  };
}

/** Sends a report from a worker thread. */
export function reportFromThread(report: Report): boolean {
  post(CHANNEL, { thread: threadId, report });
  return true;
}

/**
 * Answers the questions of the main thread to this thread. Does not keep the thread alive.
 *
 * @returns a function that stops it.
 */
export function answerFromThread(answering: Answering): () => void {
  const channel = new BroadcastChannel(QUESTIONS_CHANNEL);
  channel.onmessage = async (event) => {
    const { data } = event as { data?: { thread?: unknown } };
    if (data?.thread !== threadId) return;
    const answer = await answered(data, answering);
    if (answer !== undefined) post(CHANNEL, { thread: threadId, ...answer });
  };
  channel.unref();
  return () => channel.close();
}

/** The channel is closed at once: an open one receives what others send. */
function post(name: string, message: unknown): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(message);
  channel.close();
}
