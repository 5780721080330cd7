import { expect, it } from "vitest";
import { type HandoverState, readHandover } from "../../src/processes/handover-state.ts";
import { WorkerTotals } from "../../src/processes/worker-totals.ts";
import { increment, level, orders, reportOf, totalOf } from "./orders.ts";

it("adds nothing without workers", () => {
  expect(new WorkerTotals().sumWith(orders(1))).toBeUndefined();
});

it("counts the last report of a worker", () => {
  const workers = new WorkerTotals();
  workers.take("connection 1", reportOf("a", 2));
  workers.take("connection 2", reportOf("b", 3));
  workers.take("connection 1", reportOf("a", 5));
  expect(totalOf(workers, 10)).toBe(18);
});

it("counts a worker that connects again once", () => {
  const workers = new WorkerTotals();
  workers.take("connection 1", reportOf("a", 2));
  workers.remove("connection 1");
  expect(totalOf(workers)).toBe(2);
  workers.take("connection 2", reportOf("a", 3));
  expect(totalOf(workers)).toBe(3);
});

it("keeps the totals of a thousand ended workers, but not their labels", () => {
  const workers = new WorkerTotals();
  for (let worker = 0; worker < 1000; worker += 1) {
    workers.take(`connection ${worker}`, reportOf(`${worker}`, 2));
    workers.remove(`connection ${worker}`);
  }
  expect(totalOf(workers, 1)).toBe(2001);
  expect(workers.stateFor(1, { id: "self", shown: [] }).workers.length).toBeLessThan(100);
});

it("counts a worker once that connects to the next process after many others have ended", () => {
  const first = new WorkerTotals();
  first.addSelf("first");
  first.take("connection of lasting", reportOf("lasting", 1000));
  for (let worker = 0; worker < 100; worker += 1) {
    first.take(`connection ${worker}`, reportOf(`${worker}`, 1));
    first.remove(`connection ${worker}`);
  }
  const state = readHandover(JSON.stringify(first.stateFor(2, { id: "first", shown: orders(10) })));
  const next = new WorkerTotals();
  next.addSelf("next");
  next.continueFrom(state as HandoverState);
  next.take("connection of another", reportOf("another", 5));
  next.remove("connection of another");
  next.take("connection of lasting again", reportOf("lasting", 1001));
  expect(totalOf(next)).toBe(100 + 10 + 5 + 1001);
});

it("counts a worker once that connects again while others end", () => {
  const workers = new WorkerTotals();
  workers.take("connection of lasting", reportOf("lasting", 1000));
  for (let worker = 0; worker < 100; worker += 1) {
    workers.take(`connection ${worker}`, reportOf(`${worker}`, 1));
    workers.remove(`connection ${worker}`);
  }
  workers.remove("connection of lasting");
  workers.remove("connection without reports");
  workers.take("connection of lasting again", reportOf("lasting", 1001));
  expect(totalOf(workers)).toBe(100 + 1001);
});

it("adds a handover that comes late to what has ended here", () => {
  const first = new WorkerTotals();
  const late = new WorkerTotals();
  for (const [name, totals] of Object.entries({ first, late })) {
    totals.addSelf(name);
    for (let worker = 0; worker < 100; worker += 1) {
      totals.take(`connection ${worker}`, reportOf(`${worker} of ${name}`, 1));
      totals.remove(`connection ${worker}`);
    }
  }
  const handover = JSON.stringify(first.stateFor(2, { id: "first", shown: orders(10) }));
  late.take("connection of successor", { ...reportOf("successor", 6), handover });
  expect(totalOf(late)).toBe(100 + 10 + 6 + 100);
});

it("gives a worker that is back its own number while no other has it", () => {
  const workers = new WorkerTotals();
  const numbers = () =>
    workers
      .takeMeasured([])
      .map((metric) => (metric.kind === "level" ? metric.points[0]?.labels.worker : ""));
  for (const id of ["a", "b"]) workers.take(`connection of ${id}`, reportOf(id, 0));
  for (const id of ["a", "b"]) workers.remove(`connection of ${id}`);
  workers.take("connection of b again", reportOf("b", 0, [level(1)]));
  workers.take("connection of b again", reportOf("b", 0, [level(1)]));
  expect(numbers()).toEqual(["2", "2"]);
});

it("gives the number of an ended worker to the next one, and a new number to a worker that is back", () => {
  const workers = new WorkerTotals();
  workers.addSelf("own");
  const numbers = () =>
    workers
      .takeMeasured([level(0)])
      .map((metric) => (metric.kind === "level" ? metric.points[0]?.labels.worker : ""));
  for (const id of ["a", "b"]) workers.take(`connection of ${id}`, reportOf(id, 0, [level(1)]));
  expect(numbers()).toEqual(["1", "2", "3"]);
  workers.remove("connection of a");
  workers.take("connection of c", reportOf("c", 0, [level(1)]));
  workers.take("connection of a again", reportOf("a", 0, [level(1)]));
  expect(numbers()).toEqual(["1", "2", "4"]);
});

it("returns measurements for forecasts once", () => {
  const workers = new WorkerTotals();
  workers.take("connection", reportOf("a", 2, [increment(2)]));
  workers.take("connection", reportOf("a", 3, [increment(1)]));
  expect(workers.takeMeasured([increment(7)])).toEqual([increment(7), increment(2), increment(1)]);
  expect(workers.takeMeasured([])).toEqual([]);
});

it("lets the longest connected worker continue the totals, with its own number", () => {
  const first = new WorkerTotals();
  first.addSelf("first");
  first.take("connection 1", reportOf("a", 2));
  first.take("connection 2", reportOf("b", 3));
  first.take("connection 3", reportOf("c", 4));
  first.remove("connection 1");
  expect(first.connected[0]).toEqual({ connection: "connection 2", number: 3 });
  const told = JSON.stringify(first.stateFor(3, { id: "first", shown: orders(10) }));

  const second = new WorkerTotals();
  const state = readHandover(told);
  if (state === undefined) throw new Error("no state");
  second.addSelf("b", state.number);
  second.continueFrom(state);
  expect(totalOf(second, 5)).toBe(2 + 5 + 4 + 10);
  second.take("connection 1", reportOf("c", 6));
  expect(totalOf(second, 5)).toBe(2 + 5 + 6 + 10);
  expect(second.takeMeasured([level(1)])).toEqual([
    { ...level(1), points: [{ labels: { worker: "3" }, value: 1 }] },
  ]);
});

it("takes a handover back from all workers but the successor", () => {
  const workers = new WorkerTotals();
  workers.addSelf("own");
  const state = workers.stateFor(2, { id: "own", shown: [] });
  workers.take("connection of a", reportOf("a", 2));
  workers.onHandoverSent("connection of a", state);
  workers.take("connection of b", { ...reportOf("b", 3), handover: JSON.stringify(state) });
  expect(workers.outdated).toEqual(["connection of b"]);
  workers.remove("connection of a");
  expect(workers.outdated).toEqual([]);
  workers.take("connection of a again", reportOf("a", 2));
  workers.onHandoverSent("connection of a again", state);
  expect(workers.outdated).toEqual(["connection of b"]);
  workers.onHandoverSent("connection of b", null);
  expect(workers.outdated).toEqual([]);
});

it("continues from the handover of a successor that came later", () => {
  const first = new WorkerTotals();
  first.addSelf("first");
  first.take("connection 1", reportOf("successor", 2));
  first.take("connection 2", reportOf("quicker", 3));
  const handover = JSON.stringify(first.stateFor(2, { id: "first", shown: orders(10) }));

  const quicker = new WorkerTotals();
  quicker.addSelf("quicker");
  quicker.take("connection 3", reportOf("another", 1));
  expect(totalOf(quicker, 4)).toBe(1 + 4);
  quicker.take("connection 1", { ...reportOf("successor", 6), handover });
  expect(totalOf(quicker, 4)).toBe(1 + 4 + 6 + 10);
  quicker.take("connection 1", { ...reportOf("successor", 6), handover });
  expect(totalOf(quicker, 4)).toBe(1 + 4 + 6 + 10);
});

it("continues once, and keeps what has ended since when it is told again", () => {
  const first = new WorkerTotals();
  first.addSelf("first");
  const handover = JSON.stringify(first.stateFor(2, { id: "first", shown: orders(10) }));
  const next = new WorkerTotals();
  next.addSelf("next");
  next.take("connection 1", { ...reportOf("successor", 6), handover });
  for (let worker = 0; worker < 100; worker += 1) {
    next.take(`connection of ${worker}`, reportOf(`${worker}`, 2));
    next.remove(`connection of ${worker}`);
  }
  expect(totalOf(next, 4)).toBe(10 + 6 + 200 + 4);
  next.take("connection 1", { ...reportOf("successor", 6), handover });
  expect(totalOf(next, 4)).toBe(10 + 6 + 200 + 4);
});

it.for([
  "",
  "{}",
  "null",
  '{"id":"a","number":1,"ended":[],"workers":[{}]}',
  '{"id":"a","number":1,"ended":[1],"workers":[]}',
])("does not continue from an invalid handover: %s", (line) => {
  expect(readHandover(line)).toBeUndefined();
});

it("adds up nothing but itself if it is a worker alone, and is no worker of its own process", () => {
  const workers = new WorkerTotals();
  expect(workers.withOwnWorkers(orders(1))).toEqual(orders(1));
  workers.addSelf("own");
  workers.addSelf("other", 7);
  expect(totalOf(workers, 1)).toBe(1);
  expect(workers.takeMeasured([level(1)])).toEqual([
    { ...level(1), points: [{ labels: { worker: "1" }, value: 1 }] },
  ]);
  expect(workers.stateFor(2, { id: "own", shown: orders(1) })).toEqual({
    id: "own",
    number: 2,
    ended: [],
    workers: [{ id: "own", number: 1, shown: orders(1) }],
  });
});

it("is still added up after all of its workers have ended, and after none but folded ones are left", () => {
  const workers = new WorkerTotals();
  workers.continueFrom({ id: "owner", number: 1, ended: orders(3), workers: [] });
  expect(totalOf(workers, 1)).toBe(4);
  expect(workers.withOwnWorkers(orders(1))).toMatchObject([{ metrics: [{ dataPoints: [{ value: 4 }] }] }]);
});

it("knows the number of the worker that reports by a connection, and which are connected", () => {
  const workers = new WorkerTotals();
  for (const id of ["a", "b"]) workers.take(`connection of ${id}`, reportOf(id, 1));
  expect([workers.numberOf("connection of b"), workers.numberOf("another")]).toEqual([2, undefined]);
  workers.remove("connection of a");
  expect(workers.numberOf("connection of a")).toBeUndefined();
  expect(workers.connected).toEqual([{ connection: "connection of b", number: 2 }]);
});

it("has a new successor until that has a handover", () => {
  const workers = new WorkerTotals();
  const state = workers.stateFor(2, { id: "own", shown: [] });
  expect([workers.isSuccessorNew, workers.outdated]).toEqual([false, []]);
  workers.take("connection of a", reportOf("a", 1));
  workers.take("connection of b", reportOf("b", 1));
  expect(workers.isSuccessorNew).toBe(true);
  workers.onHandoverSent("connection of a", state);
  expect(workers.isSuccessorNew).toBe(false);
  workers.remove("connection of a");
  expect(workers.isSuccessorNew).toBe(true);
  workers.onHandoverSent("connection of b", state);
  workers.onHandoverSent("connection of b", null);
  expect(workers.isSuccessorNew).toBe(true);
});

it("keeps the 64 workers apart that have ended last, in the order in which they ended", () => {
  const workers = new WorkerTotals();
  const ids = Array.from({ length: 66 }, (_, index) => `${index}`);
  for (const id of [...ids, "connected"]) workers.take(`connection of ${id}`, reportOf(id, 1));
  const kept = () => workers.stateFor(2, { id: "own", shown: [] }).workers.map(({ id }) => id);
  for (const id of ids.slice(0, 64).reverse()) workers.remove(`connection of ${id}`);
  expect(kept()).toEqual([...ids.slice(0, 64).reverse(), "64", "65", "connected", "own"]);
  workers.remove("connection of 64");
  expect(kept()).toEqual([...ids.slice(0, 63).reverse(), "64", "65", "connected", "own"]);
  workers.remove("connection of 65");
  expect(kept()).toEqual([...ids.slice(0, 62).reverse(), "64", "65", "connected", "own"]);
  expect(totalOf(workers)).toBe(67);
});

it("continues from a handover what it does not know better: neither itself nor a worker that has reported", () => {
  const workers = new WorkerTotals();
  workers.addSelf("own", 4);
  workers.take("connection of a", reportOf("a", 5));
  const handedOver = [
    { id: "own", number: 4, shown: orders(100) },
    { id: "a", number: 2, shown: orders(200) },
    { id: "b", number: 3, shown: orders(7) },
  ];
  workers.continueFrom({ id: "owner", number: 4, ended: orders(1000), workers: handedOver });
  workers.continueFrom({ id: "owner", number: 4, ended: orders(1000), workers: handedOver });
  expect(totalOf(workers, 10)).toBe(10 + 5 + 7 + 1000);
  workers.take("connection of b", reportOf("b", 8));
  expect(workers.numberOf("connection of b")).toBe(3);
  expect(totalOf(workers, 10)).toBe(10 + 5 + 8 + 1000);
});

it("takes no handover of a worker if it is none itself, or if it is not valid", () => {
  const handover = JSON.stringify({ id: "owner", number: 1, ended: orders(1000), workers: [] });
  const [alone, workers] = [new WorkerTotals(), new WorkerTotals()];
  workers.addSelf("own");
  alone.take("connection of a", { ...reportOf("a", 5), handover });
  workers.take("connection of a", { ...reportOf("a", 5), handover: "{}" });
  expect([totalOf(alone), totalOf(workers)]).toEqual([5, 5]);
  // Both know that the worker has one, which is to be taken back.
  expect([alone.isSuccessorNew, workers.isSuccessorNew]).toEqual([false, false]);
  workers.take("connection of a", { ...reportOf("a", 5), handover });
  expect(totalOf(workers)).toBe(1005);
});
