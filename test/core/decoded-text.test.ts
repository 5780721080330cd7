import { describe, expect, it } from "vitest";
import { decodedParts, decodedText } from "../../src/core/decoded-text.ts";

const TEXT = '{"id":"é€"}\n';

function utf16(text: string, isBigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, "utf16le");
  return isBigEndian ? bytes.swap16() : bytes;
}

const encodings: readonly [string, Buffer][] = [
  ["UTF-8", Buffer.from(TEXT)],
  ["UTF-8 with a mark", Buffer.from(`\uFEFF${TEXT}`)],
  ["UTF-16 with a mark", utf16(`\uFEFF${TEXT}`, false)],
  ["UTF-16 in the other order with a mark", utf16(`\uFEFF${TEXT}`, true)],
  ["UTF-16", utf16(TEXT, false)],
  ["UTF-16 in the other order", utf16(TEXT, true)],
];

async function* inParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

describe("a text", () => {
  it.each(encodings)("is decoded from %s", (_, bytes) => {
    expect(decodedText(bytes)).toBe(TEXT);
  });

  it.each(encodings)("is decoded from %s in parts of any size", async (_, bytes) => {
    for (const size of [1, 2, 3, 5, 100]) {
      const parts: string[] = [];
      for await (const part of decodedParts(inParts(bytes, size))) parts.push(part);
      expect(parts.join(""), String(size)).toBe(TEXT);
    }
  });

  it.each([
    [[0x41, 0, 0x42, 0], "AB"],
    [[1, 0, 0x42, 0], "\u0001B"],
    [[0, 0x41, 0, 0x42], "AB"],
    [[0xff, 0xfe, 0x41, 0], "A"],
    [[0xfe, 0xff, 0, 0x41], "A"],
    [[0xff, 0x41], "\uFFFDA"],
    [[0, 0, 0x41, 0x42], "\0\0AB"],
    [[0x41, 0, 0, 0x42], "A\0\0B"],
  ])("of the bytes %o is %j", (bytes, text) => {
    expect(decodedText(Uint8Array.from(bytes))).toBe(text);
  });

  it("may be empty or short", async () => {
    expect(decodedText(Buffer.from(""))).toBe("");
    expect(decodedText(Buffer.from("a"))).toBe("a");
    const parts: string[] = [];
    for await (const part of decodedParts(inParts(Buffer.from("ab"), 1))) parts.push(part);
    expect(parts.join("")).toBe("ab");
  });

  it("is given as soon as it is there", async () => {
    async function* twice(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("first\n");
      throw new Error("read before the first part was taken");
    }
    for await (const part of decodedParts(twice())) {
      expect(part).toBe("first\n");
      break;
    }
  });
});
