import { expect, it } from "vitest";
import { Connection } from "../../../src/observe/mcp/connection.ts";

it("a notification is one of the client where it is sent, and one of the server where it arrives", () => {
  const recorded: unknown[] = [];
  const log = {
    now: () => 7,
    record: (operation: object, startedAt: number, end: object) => recorded.push([operation, startedAt, end]),
  };
  const connection = new Connection({}, {}, log as never);
  const message = { method: "notifications/progress" };
  const operation = (side: string) => ({ side, method: "notifications/progress", name: undefined });
  connection.received(message)?.onHandled?.();
  connection.sending(message, undefined, undefined)?.onSent();
  connection.sending(message, undefined, undefined)?.onSent(new RangeError("no"));
  expect(recorded).toEqual([
    [operation("server"), 7, { outcome: "success" }],
    [operation("client"), 7, { outcome: "success" }],
    [operation("client"), 7, { outcome: "failure", errorType: "RangeError" }],
  ]);
});
