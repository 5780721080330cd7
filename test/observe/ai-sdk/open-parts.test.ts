import { expect, it } from "vitest";
import { OpenParts } from "../../../src/observe/ai-sdk/open-parts.ts";

it("forgets the oldest call when very many are open, and hands each of the others out once", () => {
  const open = new OpenParts();
  const messages = Array.from({ length: 1001 }, () => ({}));
  const ends = messages.map(() => () => {});
  for (const [index, message] of messages.entries()) open.add(message, ends[index] as () => void);
  expect(open.take(messages[0] as object)).toBeUndefined();
  for (const index of [1, 500, 1000]) {
    expect(open.take(messages[index] as object)).toBe(ends[index]);
    expect(open.take(messages[index] as object)).toBeUndefined();
  }
});
