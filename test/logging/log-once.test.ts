import { expect, it, vi } from "vitest";
import { LogOnce } from "../../src/logging/log-once.ts";

it("logs once per key, and nothing of keys after the first thousand", () => {
  const once = new LogOnce();
  const write = vi.fn();
  for (let round = 0; round < 2; round += 1)
    for (let key = 1; key <= 1050; key += 1) once.log(`key ${key}`, () => write(key));
  expect(write.mock.calls).toEqual(Array.from({ length: 1000 }, (_, index) => [index + 1]));
});
