import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { makeRoom } from "../../src/system/listener-room.ts";

it("lets an emitter have one listener more, and as many as it likes if it may have any number", () => {
  const most = [10, 3, 1, 0, Number.POSITIVE_INFINITY].map((limit) => {
    const emitter = new EventEmitter().setMaxListeners(limit);
    makeRoom(emitter);
    return emitter.getMaxListeners();
  });
  expect(most).toEqual([11, 4, 2, 0, Number.POSITIVE_INFINITY]);
});
