import { expect, it } from "vitest";
import { Limiter } from "../../src/core/limiter.ts";

it("runs so much at the same time, in order, and goes on after an error", async () => {
  const limiter = new Limiter(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const run = (id: number): Promise<number> =>
    limiter.run(() => {
      begun.push(id);
      return new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve(id))));
    });
  const works = [1, 2, 3, 4].map(run);
  await Promise.resolve();
  expect(begun).toEqual([1, 2]);
  ends[0]?.(new Error("broken"));
  await expect(works[0]).rejects.toThrow("broken");
  expect(begun).toEqual([1, 2, 3]);
  ends[2]?.();
  expect(await works[2]).toBe(3);
  expect(begun).toEqual([1, 2, 3, 4]);
  ends[1]?.();
  ends[3]?.();
  expect(await Promise.all([works[1], works[3]])).toEqual([2, 4]);
  const after = run(5);
  expect(begun).toHaveLength(5);
  ends[4]?.();
  expect(await after).toBe(5);
});
