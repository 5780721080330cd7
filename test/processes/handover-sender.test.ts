import { expect, it } from "vitest";
import { HandoverSender } from "../../src/processes/handover-sender.ts";
import type { HandoverState } from "../../src/processes/handover-state.ts";
import { OwnMeasurements } from "../../src/processes/own-measurements.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { orders, reportOf } from "./orders.ts";

/** The process with the port, and what it sends to others. */
function owner() {
  const workers = new WorkerTotals();
  const shown = async () => orders(10);
  const measurements = new OwnMeasurements({ workers, shown, onDropped: () => {} });
  workers.addSelf(measurements.id);
  const sent: [connection: string, handover: HandoverState | null, isLast: boolean][] = [];
  const sender = new HandoverSender({
    workers,
    measurements,
    use: { byEach: () => [], take: () => {} },
    send: (...handover) => sent.push(handover) > 0,
  });
  const receiver = sender.informing({
    take: (connection, id) => {
      workers.take(connection, reportOf(String(id), 1));
      return true;
    },
    remove: (connection) => workers.remove(connection),
  });
  return { sender, receiver, sent };
}

it("sends the last handover also while the one before is being sent", async () => {
  const { sender, receiver, sent } = owner();
  receiver.take("connection of a", "a");
  await sender.sendLast();
  expect(sent.map(([connection, , isLast]) => [connection, isLast]).at(-1)).toEqual([
    "connection of a",
    true,
  ]);
});
