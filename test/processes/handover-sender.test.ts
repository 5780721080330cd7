import { expect, it, onTestFinished, vi } from "vitest";
import { HandoverSender } from "../../src/processes/handover-sender.ts";
import type { HandoverState } from "../../src/processes/handover-state.ts";
import { OwnMeasurements } from "../../src/processes/own-measurements.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { until } from "../eventually.ts";
import { orders, reportOf } from "./orders.ts";

vi.mock("node:timers", () => globalThis);

/** The process with the port, and what it sends to others. */
function owner({ isFree = true } = {}) {
  const workers = new WorkerTotals();
  const shown = async () => orders(10);
  const measurements = new OwnMeasurements({ workers, shown, onDropped: () => {} });
  workers.addSelf(measurements.id);
  const sent: [connection: string, handover: HandoverState | null, isLast: boolean][] = [];
  const sender = new HandoverSender({
    workers,
    measurements,
    use: { byEach: (id) => [{ id, today: "used" as never }], take: () => {} },
    send: (...handover) => sent.push(handover) > 0 && isFree,
  });
  const receiver = sender.informing({
    take: (connection, id) => {
      workers.take(connection, reportOf(String(id), 1));
      return true;
    },
    remove: (connection) => workers.remove(connection),
  });
  return { sender, receiver, sent, workers };
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

it("sends the last handover to others too, in case the successor ends at the same time", async () => {
  const { sender, receiver, sent } = owner();
  for (const id of ["a", "b", "c", "d"]) receiver.take(`connection of ${id}`, id);
  await sender.sendLast();
  const last = sent.filter(([, , isLast]) => isLast);
  expect(last.map(([connection, handover]) => [connection, handover?.isSpare, handover?.number])).toEqual([
    ["connection of a", false, 2],
    ["connection of b", true, 3],
    ["connection of c", true, 4],
  ]);
  receiver.remove("connection of a");
  await until(() => sent.at(-1)?.[0] === "connection of d");
  const resent = sent.slice(-3).map(([connection, handover]) => [connection, handover?.isSpare]);
  expect(resent).toEqual([
    ["connection of b", false],
    ["connection of c", true],
    ["connection of d", true],
  ]);
});

it("sends the last handover again after a worker that ends at the same time has reported for the last time", async () => {
  const { sender, receiver, sent } = owner();
  for (const id of ["a", "b"]) receiver.take(`connection of ${id}`, id);
  await sender.sendLast();
  const before = sent.length;
  receiver.take("connection of b", "b");
  await until(() => sent.length > before);
  expect(sent[before]?.[0]).toBe("connection of a");
});

it("takes older handovers back as soon as it hears of them", async () => {
  const { receiver, sent, workers } = owner();
  receiver.take("connection of a", "a");
  await until(() => sent.length > 0);
  workers.onHandoverSent("connection of b", workers.stateFor(3, { id: "", shown: [] }));
  receiver.take("connection of b", "b");
  await until(() => sent.some(([connection]) => connection === "connection of b"));
  expect(sent.find(([connection]) => connection === "connection of b")?.[1]).toBeNull();
});

it("sends at an interval to the successor alone, until it sends for the last time", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { sender, sent, workers } = owner();
  sender.start(1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([]);
  for (const id of ["a", "b"]) workers.take(`connection of ${id}`, reportOf(id, 1));
  await vi.advanceTimersByTimeAsync(999);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent.map(([connection, , isLast]) => [connection, isLast])).toEqual([["connection of a", false]]);
  const [, handover] = sent[0] ?? [];
  expect(handover).toMatchObject({ isSpare: false, number: 2, used: [{ id: handover?.id, today: "used" }] });
  expect(handover?.workers.at(-1)).toMatchObject({ id: handover?.id, shown: orders(10) });
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent.splice(0)).toHaveLength(3);
  await sender.sendLast();
  expect(sent.splice(0)).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([]);
});

it("sends nothing after a report or an end while the successor has a handover and no other has", async () => {
  const { receiver, sent } = owner();
  expect(receiver.take("connection of a", "a")).toBe(true);
  await until(() => sent.length === 1);
  receiver.take("connection of a", "a");
  receiver.take("connection of b", "b");
  receiver.remove("connection of b");
  await new Promise((turn) => setImmediate(turn));
  expect(sent).toHaveLength(1);
});

it("sends again what could not be sent", async () => {
  const { receiver, sent, workers } = owner({ isFree: false });
  receiver.take("connection of a", "a");
  await until(() => sent.length === 1);
  expect(workers.isSuccessorNew).toBe(true);
  receiver.take("connection of a", "a");
  await until(() => sent.length === 2);
});

it("leaves older handovers where they are when it sends for the last time: spare ones replace them", async () => {
  const { sender, sent, workers } = owner();
  for (const id of ["a", "b", "c", "d"]) workers.take(`connection of ${id}`, reportOf(id, 1));
  workers.onHandoverSent("connection of d", workers.stateFor(3, { id: "", shown: [] }));
  await sender.sendLast();
  expect(sent.map(([connection]) => connection)).toEqual(["a", "b", "c"].map((id) => `connection of ${id}`));
});
