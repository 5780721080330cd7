import { expect, it } from "vitest";
import { boundedLines } from "../../../src/commands/forecast/bounded-lines.ts";

async function* partsOf(text: string, size: number): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
}

async function linesOf(text: string, size: number, maxLength: number): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for await (const line of boundedLines(partsOf(text, size), maxLength)) if (line !== "") lines.push(line);
  return lines;
}

it("gives lines of any ending from parts of any size, and goes on after one that is too long", async () => {
  const text = "abcde\nabcdef\r\nab\u2028c\rd\n\nabcdefghijk\nlast";
  for (const size of [1, 2, 3, 7, 100])
    expect(await linesOf(text, size, 5)).toEqual(["abcde", undefined, "ab\u2028c", "d", undefined, "last"]);
});

it("keeps nothing of a line without an end", async () => {
  const part = "x".repeat(2 ** 20);
  // Together more than a string can hold.
  async function* endless(): AsyncGenerator<string> {
    for (let parts = 0; parts < 700; parts += 1) yield part;
    yield "\nnext";
  }
  const lines: (string | undefined)[] = [];
  for await (const line of boundedLines(endless(), 2 ** 21)) lines.push(line);
  expect(lines).toEqual([undefined, "next"]);
});
