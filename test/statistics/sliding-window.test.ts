import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SliceRing, SumWindow } from "../../src/statistics/sliding-window.ts";

describe("SumWindow", () => {
  it("knows the sum over its newest slices, the open one included", () => {
    const window = new SumWindow({ slices: 4 });
    for (const delta of [1, 10, 0, 1000, 10_000]) {
      window.advance();
      window.add(delta);
    }
    expect([0, 1, 2, 3, 4, 9].map((count) => window.totalOfNewest(count))).toEqual([
      0, 10_000, 11_000, 11_000, 11_010, 11_010,
    ]);
  });

  it("is the sum of the last slices", () => {
    const window = new SumWindow({ slices: 3 });
    window.add(1);
    window.add(2);
    window.advance();
    window.add(10);
    expect(window.total).toBe(13);
    window.advance();
    expect(window.total).toBe(13);
    window.advance();
    expect(window.total).toBe(10);
    window.advance();
    expect(window.total).toBe(0);
    expect(window.isEmpty).toBe(true);
  });

  it("says whether it has added a number, and whether something has left", () => {
    const window = new SumWindow({ slices: 2 });
    expect([5, 0, Number.NaN, Number.POSITIVE_INFINITY].map((delta) => window.add(delta))).toEqual([
      ...[true, true, false, false],
    ]);
    expect([window.advance(), window.advance(), window.advance()]).toEqual([false, true, false]);
  });

  it("goes on from a window of the same length as if it were that one", () => {
    const fed = (slices: number) => {
      const window = new SumWindow({ slices });
      for (const delta of [1, 10, 0, 1000]) {
        window.advance();
        window.add(delta);
      }
      return window;
    };
    const [whole, after] = [fed(3), new SumWindow({ slices: 3 })];
    after.restore(whole.saved());
    for (let slice = 0; slice < 4; slice++) {
      expect([after.total, after.isEmpty]).toEqual([whole.total, whole.isEmpty]);
      expect(after.advance()).toBe(whole.advance());
    }
    const other = new SumWindow({ slices: 4 });
    other.restore(fed(3).saved());
    expect(other.isEmpty).toBe(true);
  });

  it("returns to exactly 0, unlike a running sum", () => {
    const window = new SumWindow({ slices: 2 });
    let running = 0;
    const deltas = [0.1, 0.2, 0.3, 1e9 + 0.1, 0.7];
    for (const delta of deltas) {
      window.add(delta);
      window.advance();
      running += delta;
    }
    for (const delta of deltas) running -= delta;
    window.advance();
    expect(running).not.toBe(0);
    expect(window.total).toBe(0);
  });

  it("does not lose small sums beside a large one", () => {
    const window = new SumWindow({ slices: 3 });
    for (const delta of [1, 1e100, -1e100]) {
      window.add(delta);
      if (delta !== -1e100) window.advance();
    }
    expect(window.total).toBe(1);
  });

  it("reports whether a tick changed the sum", () => {
    const window = new SumWindow({ slices: 2 });
    expect(window.isEmpty).toBe(true);
    expect(window.advance()).toBe(false);
    window.add(0);
    expect(window.isEmpty).toBe(true);
    window.add(1);
    expect(window.isEmpty).toBe(false);
    expect(window.advance()).toBe(false);
    expect(window.advance()).toBe(true);
    expect(window.isEmpty).toBe(true);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "ignores a delta of %s",
    (delta) => {
      const window = new SumWindow({ slices: 2 });
      window.add(1);
      expect(window.add(delta)).toBe(false);
      expect(window.total).toBe(1);
    },
  );

  it("equals a sum of the last slices computed by hand", () => {
    const ticks = fc.array(fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), ticks, (slices, deltas) => {
        const window = new SumWindow({ slices });
        deltas.forEach((tick, n) => {
          if (n > 0) window.advance();
          for (const delta of tick) window.add(delta);
          const inWindow = deltas.slice(Math.max(0, n + 1 - slices), n + 1).flat();
          expect(window.total).toBe(inWindow.reduce((sum, delta) => sum + delta, 0));
          expect(window.isEmpty).toBe(inWindow.every((delta) => delta === 0));
        });
      }),
    );
  });
});

describe("SliceRing", () => {
  it("returns the slice that leaves the window", () => {
    const ring = new SliceRing<string>({ slices: 2 });
    ring.open = "a";
    expect(ring.advance()).toBeUndefined();
    ring.open = "b";
    expect(ring.filled().sort()).toEqual(["a", "b"]);
    expect(ring.advance()).toBe("a");
    expect(ring.advance()).toBe("b");
    expect(ring.advance()).toBeUndefined();
  });

  it("is empty after clear", () => {
    const ring = new SliceRing<number>({ slices: 3 });
    ring.open = 1;
    ring.advance();
    ring.open = 2;
    ring.clear();
    expect(ring.filled()).toEqual([]);
    expect([ring.advance(), ring.advance(), ring.advance()]).toEqual([undefined, undefined, undefined]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a width of %s", (slices) => {
    expect(() => new SliceRing({ slices })).toThrow(/^slices: expected a whole number of at least 1, got/);
  });
});
