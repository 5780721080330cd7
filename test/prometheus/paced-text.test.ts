import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PacedText } from "../../src/prometheus/paced-text.ts";
import { runs } from "../harness/runs.ts";

afterEach(() => vi.restoreAllMocks());

describe("PacedText", () => {
  it("returns everything that was added, in order, in pieces", () => {
    const text = new PacedText();
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} ü\n`);
    for (const line of lines) text.add(line);
    const pieces = text.finish();
    expect(Buffer.concat(pieces).toString()).toBe(lines.join(""));
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(80_000);
  });

  it("has the UTF-8 of any texts, whatever their lengths", () => {
    const any = fc.string({ unit: "binary", maxLength: 300 });
    const long = any.map((given) => given.repeat(Math.ceil(70_000 / (given.length + 1))));
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: any }, long), { maxLength: 20 }), (texts) => {
        const text = new PacedText();
        for (const given of texts) text.add(given);
        const expected = Buffer.concat(texts.map((given) => Buffer.from(given)));
        expect(Buffer.compare(Buffer.concat(text.finish()), expected)).toBe(0);
      }),
      { numRuns: runs(100) },
    );
  });

  it("has bytes between texts where they were added", () => {
    const text = new PacedText();
    for (const name of ["one", "other"]) {
      text.addBytes(Buffer.from(`(${name})`));
      text.add(name);
    }
    expect(String(Buffer.concat(text.finish()))).toBe("(one)one(other)other");
  });

  it("begins anew: nothing of a text that was not finished is in the next", () => {
    const text = new PacedText();
    text.add("one");
    text.begin();
    text.add("other");
    expect(String(Buffer.concat(text.finish()))).toBe("other");
    expect(text.finish()).toEqual([]);
  });

  it("is empty when nothing was added", () => {
    expect(new PacedText().finish()).toEqual([]);
  });

  it("asks for a rest only after it has worked for a while, and not again right after the rest", async () => {
    let now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const text = new PacedText();
    const asksWithin = (steps: number): boolean =>
      Array.from({ length: steps }, () => text.isRestDue()).includes(true);
    expect(asksWithin(1000)).toBe(false);
    now += 7;
    expect(asksWithin(64)).toBe(true);
    await text.rest();
    expect(asksWithin(1000)).toBe(false);
  });
});
