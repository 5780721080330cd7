import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ring } from "../../src/series/ring.ts";

describe("Ring", () => {
  it("keeps the newest values, oldest first", () => {
    const ring = new Ring(3);
    for (const value of [1, 2, 3, 4, 5]) ring.push(value);
    expect([...ring.toArray()]).toEqual([3, 4, 5]);
    expect([...ring.toArray(2)]).toEqual([4, 5]);
    expect([...ring.toArray(9)]).toEqual([3, 4, 5]);
    expect([...ring.toArray(0)]).toEqual([]);
  });

  it("is empty at first", () => {
    const ring = new Ring(20);
    expect([ring.known, ring.toArray().length]).toEqual([0, 0]);
    ring.push(7);
    expect([...ring.toArray()]).toEqual([7]);
  });

  it("equals the tail of all pushed values, and counts those that are not gaps", () => {
    const value = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Number.NaN, 0, -0, 0.1));
    const still = fc.tuple(value, fc.nat(70)).map(([one, times]) => Array<number>(times).fill(one));
    const values = fc.tuple(still, fc.array(value, { maxLength: 150 }), still).map((parts) => parts.flat());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), values, (capacity, pushed) => {
        const ring = new Ring(capacity);
        pushed.forEach((value, n) => {
          ring.push(value);
          const tail = pushed.slice(Math.max(0, n + 1 - capacity), n + 1);
          expect([...ring.toArray()]).toEqual(tail);
          const newer = n % 7;
          expect([...ring.toArray(3, newer)]).toEqual(
            tail.slice(0, Math.max(0, tail.length - newer)).slice(-3),
          );
          expect(ring.before(newer)).toBe(tail.at(-1 - newer) ?? Number.NaN);
          expect(ring.known).toBe(tail.filter((v) => !Number.isNaN(v)).length);
        });
      }),
    );
  });

  it("takes no memory for values that are all the same, until another one comes", () => {
    const ring = new Ring(100);
    for (let i = 0; i < 150; i++) ring.push(5);
    expect([ring.allocatedBytes, ring.known, [...ring.toArray(2)]]).toEqual([0, 100, [5, 5]]);
    ring.push(6);
    expect([ring.allocatedBytes, ring.known, [...ring.toArray(2)]]).toEqual([400, 100, [5, 6]]);
  });

  it("takes more memory as soon as a value has more digits than single precision", () => {
    const bytesAfter = (...values: number[]): number => {
      const ring = new Ring(32);
      for (const value of values) ring.push(value);
      return ring.allocatedBytes;
    };
    expect(bytesAfter(1, 2.5, Number.NaN, -(2 ** 24), Number.POSITIVE_INFINITY)).toBe(4 * 16);
    expect([bytesAfter(1, 2, 0.1), bytesAfter(0.1, 2), bytesAfter(1, 1e300)]).toEqual([128, 128, 128]);
  });

  it.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a capacity of %s", (capacity) => {
    expect(() => new Ring(capacity)).toThrow(/^capacity: expected a whole number of at least 1, got/);
  });
});
