import { expect, it } from "vitest";
import { readBounded, TooLong } from "../../../../src/commands/backtest/input/read-bounded.ts";

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(2 ** 20, "a");
}

async function* few(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("ab");
  yield Buffer.from("c");
}

it("reads a stream up to its limit", async () => {
  expect(String(await readBounded(few(), 3))).toBe("abc");
  await expect(readBounded(few(), 2)).rejects.toThrow(TooLong);
  await expect(readBounded(endless(), 2 ** 22)).rejects.toThrow("it is longer than 4 MiB");
});
