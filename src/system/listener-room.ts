import type { EventEmitter } from "node:events";

/**
 * Lets an emitter of the application have one listener more, which is ours, before Node warns of a leak.
 * Without that, an application with as many listeners as are allowed would get a warning because of us.
 */
export function makeRoom(emitter: EventEmitter): void {
  const most = emitter.getMaxListeners();
  // 0 allows any number.
  if (most > 0) emitter.setMaxListeners(most + 1);
}

let hasRoomOnProcess = false;

/** The same for the process, of which each event has one listener of ours at most. */
export function makeRoomOnProcess(): void {
  if (hasRoomOnProcess) return;
  hasRoomOnProcess = true;
  makeRoom(process);
}
