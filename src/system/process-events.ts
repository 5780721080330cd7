import { makeRoomOnProcess } from "./listener-room.ts";

/** The listeners of all monitors in this process. */
const listeners: Readonly<Record<"exit" | "worker", Set<(given: never) => void>>> = {
  exit: new Set(),
  worker: new Set(),
};

const shared = { exit: dispatcherOf("exit"), worker: dispatcherOf("worker") };

/**
 * Listens to an event of the process. All monitors share one listener: Node warns if an event has
 * more than ten, and so many monitors may be in a process.
 *
 * @returns a function that stops it.
 */
export function onProcess<Given>(event: "exit" | "worker", listener: (given: Given) => void): () => void {
  listeners[event].add(listener);
  makeRoomOnProcess();
  // The application may have removed it with all others.
  if (!process.listeners(event as "exit").includes(shared[event])) process.on(event, shared[event]);
  return () => {
    listeners[event].delete(listener);
    if (listeners[event].size === 0) process.off(event, shared[event]);
  };
}

/** A listener that fails must not keep the others from saving their data. */
function dispatcherOf(event: "exit" | "worker"): (given: unknown) => void {
  return (given) => {
    for (const listener of [...listeners[event]]) {
      try {
        listener(given as never);
      } catch {
        // There is nobody to report it to: the process ends.
      }
    }
  };
}
