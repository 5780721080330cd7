import { totalmem } from "node:os";
import { expect, it, vi } from "vitest";
import { MemoryGuard, processMemory } from "../../src/gateway/memory-guard.ts";

it("has room until its share of the memory is used, and again when there is more", () => {
  let used = 60;
  const guard = new MemoryGuard(0.7, { limit: () => 100, used: () => used });
  const looks = [60, 70, 90, 69].map((now) => {
    used = now;
    return [guard.look(), guard.hasRoom];
  });
  expect(looks).toEqual([
    [false, true],
    [true, false],
    [false, false],
    [true, true],
  ]);
});

it("is full when half of the rest is used too", () => {
  let used = 84;
  const guard = new MemoryGuard(0.7, { limit: () => 100, used: () => used });
  guard.look();
  expect(guard.isFull).toBe(false);
  used = 85;
  guard.look();
  expect(guard.isFull).toBe(true);
});

it("knows the memory of this process", () => {
  expect(processMemory.used()).toBeGreaterThan(10 * 2 ** 20);
  expect(processMemory.limit()).toBeGreaterThan(processMemory.used());
});

it("may use what its control group allows, if that is less than the machine has", () => {
  const constrained = vi.spyOn(process, "constrainedMemory");
  const limits = [0, 1000, totalmem() - 1, totalmem() + 1, 2 ** 63].map((bytes) => {
    constrained.mockReturnValue(bytes);
    return processMemory.limit();
  });
  constrained.mockRestore();
  expect(limits).toEqual([totalmem(), 1000, totalmem() - 1, totalmem(), totalmem()]);
});
