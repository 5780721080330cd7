import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberOfHost, Ownership } from "../../../src/gateway/state/ownership.ts";

const SERIES = 20_000;
const series = Array.from({ length: SERIES }, (_, index) => `requests\u0000instance\u0001app-${index}`);

function ownership(count: number, replicas: number, number = 0): Ownership {
  return new Ownership({ count, number, replicas });
}

const sizes = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.record({ count: fc.constant(count), replicas: fc.integer({ min: 1, max: count }) }));

describe("the owners of a series", () => {
  it("are as many as there are replicas, and each knows that it is one", () => {
    fc.assert(
      fc.property(sizes, fc.string({ unit: "binary" }), ({ count, replicas }, id) => {
        const owners = ownership(count, replicas).ownersOf(id);
        expect(new Set(owners).size).toBe(replicas);
        const knowing = Array.from({ length: count }, (_, number) => number).filter((number) =>
          ownership(count, replicas, number).owns(id),
        );
        expect(knowing).toEqual(owners.toSorted((one, other) => one - other));
      }),
    );
  });

  it("have equal shares, within 5 %", () => {
    for (const { count, replicas } of [
      { count: 2, replicas: 1 },
      { count: 4, replicas: 1 },
      { count: 8, replicas: 2 },
      { count: 8, replicas: 3 },
    ]) {
      const shares = new Array<number>(count).fill(0);
      const all = ownership(count, replicas);
      for (const id of series)
        for (const owner of all.ownersOf(id)) shares[owner] = (shares[owner] as number) + 1;
      const even = (SERIES * replicas) / count;
      for (const share of shares) expect(Math.abs(share / even - 1), `of ${count}`).toBeLessThan(0.05);
    }
  });

  it("are the same for every member, and first publishers have equal shares too", () => {
    const firsts = [0, 0, 0];
    for (const id of series) {
      const [first = 0] = ownership(3, 2, 2).ownersOf(id);
      expect(ownership(3, 2, 0).ownersOf(id)[0]).toBe(first);
      firsts[first] = (firsts[first] as number) + 1;
    }
    for (const share of firsts) expect(Math.abs(share / (SERIES / 3) - 1)).toBeLessThan(0.05);
  });

  it("change only to the new member when one is added, for about one in so many series", () => {
    for (const [count, replicas] of [
      [1, 1],
      [3, 1],
      [4, 2],
      [9, 3],
    ] as const) {
      const before = ownership(count, replicas);
      const after = ownership(count + 1, replicas);
      let moved = 0;
      for (const id of series) {
        const had = before.ownersOf(id);
        const gained = after.ownersOf(id).filter((owner) => !had.includes(owner));
        expect(gained.every((owner) => owner === count)).toBe(true);
        moved += gained.length;
      }
      const expected = (SERIES * replicas) / (count + 1);
      expect(Math.abs(moved / expected - 1), `${count} and one more`).toBeLessThan(0.05);
    }
  });

  // Computed in Python, from python-xxhash and the finalizer.
  it("stay those that they were in other versions", () => {
    expect(ownership(4, 2).ownersOf("up")).toEqual([0, 1]);
    expect(ownership(100, 3).ownersOf("requests\u0000job\u0001api")).toEqual([62, 69, 14]);
  });
});

describe("members that cannot be", () => {
  it.each([
    [{ count: 0, number: 0, replicas: 1 }, "members.count is 0, expected a whole number of at least 1"],
    [{ count: 3, number: 3, replicas: 1 }, "members.number is 3, expected a whole number from 0 to 2"],
    [{ count: 3, number: -1, replicas: 1 }, "members.number is -1, expected a whole number from 0 to 2"],
    [{ count: 3, number: 0, replicas: 4 }, "members.replicas is 4, expected a whole number from 1 to 3"],
    [{ count: 2.5, number: 0, replicas: 1 }, "members.count is 2.5, expected a whole number of at least 1"],
  ])("are refused: %j", (members, message) => {
    expect(() => new Ownership(members)).toThrow(new RangeError(message));
  });
});

describe("the number of a host", () => {
  it.each([
    ["gateway-2", 2],
    ["gateway-12", 12],
    ["gateway-0.gateways.monitoring.svc.cluster.local", 0],
    ["otel2-gateway-007", 7],
    ["node3", 3],
  ])("%s", (name, number) => {
    expect(numberOfHost(name)).toBe(number);
  });

  it.each(["gateway", "", "gateway-2a", "gateway.3", "gateway-99999999999999999999"])(
    "is missing in %j",
    (name) => {
      expect(() => numberOfHost(name)).toThrow(
        `members.number is env, and the host is named ${name}, expected a name that ends in a number`,
      );
    },
  );
});
