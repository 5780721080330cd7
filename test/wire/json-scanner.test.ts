import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { scanJson } from "../../src/wire/json-scanner.ts";
import type { JsonTape } from "../../src/wire/json-tape.ts";
import { MalformedMessage } from "../../src/wire/malformed-message.ts";

const scan = (text: string): JsonTape => atOnce(scanJson(Buffer.from(text)));

/** The value at a place of a tape, as `JSON.parse` makes it. */
function valueAt(tape: JsonTape, place: number): unknown {
  switch (tape.kind(place)) {
    case "object": {
      const entries: [string, unknown][] = [];
      for (let key = place + 1; key < tape.end(place); key = tape.after(key + 1))
        entries.push([tape.text(key), valueAt(tape, key + 1)]);
      return Object.fromEntries(entries);
    }
    case "array": {
      const values: unknown[] = [];
      for (let value = place + 1; value < tape.end(place); value = tape.after(value))
        values.push(valueAt(tape, value));
      expect(tape.count(place)).toBe(values.length);
      return values;
    }
    case "text":
      return tape.text(place);
    case "number":
      return Number(tape.text(place));
    case "boolean":
      return tape.isTrue(place);
    case "null":
      return null;
  }
}

/** What `JSON.parse` says, or that it throws. */
function parsed(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return "not valid";
  }
}

function scanned(text: string): unknown {
  try {
    return { value: valueAt(scan(text), 0) };
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMessage);
    return "not valid";
  }
}

describe("a scanned JSON text", () => {
  it("has the values that JSON.parse gives", () => {
    fc.assert(
      fc.property(
        fc.json({ stringUnit: "binary", maxDepth: 5 }),
        fc.constantFrom(undefined, 1, "\t"),
        (json, indent) => {
          const text = JSON.stringify(JSON.parse(json), undefined, indent);
          expect(scanned(text)).toEqual(parsed(text));
        },
      ),
    );
  });

  it("is valid if and only if it is for JSON.parse, also after a change", () => {
    const piece = fc.constantFrom(
      ...'{}[],:"\\ \n0123456789.eE+-truefalsnu',
      "\\u00e4",
      "\u0001",
      "ä",
      "null",
      '"a":',
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(3), piece, (json, place, removed, added) => {
        const at = place % (json.length + 1);
        const text = json.slice(0, at) + added + json.slice(at + removed);
        expect(scanned(text)).toEqual(parsed(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("is valid if and only if it is for JSON.parse, for short texts of any pieces", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      "1",
      "-0.5e+3",
      "01",
      "1.",
      "true",
      "nul",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        expect(scanned(pieces.join(""))).toEqual(parsed(pieces.join("")));
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps the digits of numbers", () => {
    const tape = scan('["1700000010123456789", 1700000010123456789, "x", "", -1, 123456789012345678901]');
    expect([1, 2, 3, 4, 5, 6].map((place) => tape.digits(place, 6))).toEqual([
      1_700_000_010_123,
      1_700_000_010_123,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(tape.digits(2, 18)).toBe(1);
  });

  it("has the same key for the same bytes only", () => {
    const long = "x".repeat(5000);
    const tape = scan(
      `[[1,2], [1,2], [1, 2], "${long}", "${long.replace("x", "y")}", "${`y${long}`.slice(0, -1)}"]`,
    );
    const keys: string[] = [];
    for (let place = 1; place < tape.end(0); place = tape.after(place)) keys.push(tape.key(place));
    expect(keys.slice(0, 3)).toEqual(["[1,2]", "[1,2]", "[1, 2]"]);
    expect(keys[3]).not.toBe(keys[4]);
    expect(keys[5]).toBe(keys[4]);
    expect(keys[3]?.length).toBeLessThan(1100);
  });

  it("is read in turns", () => {
    const steps = scanJson(Buffer.from(`[${"1,".repeat(100_000)}1]`));
    let turns = 0;
    while (steps.next().done !== true) turns += 1;
    expect(turns).toBe(12);
  });

  it.each([
    ["", "the JSON text is not valid at byte 0, expected value"],
    ['{"a":1', "the JSON text is not valid at byte 6, expected comma or end"],
    ['{"a" 1}', "the JSON text is not valid at byte 5, expected colon"],
    ["[1]]", "the JSON text is not valid at byte 3, expected nothing"],
    ['"a', "the JSON text is not valid at byte 2, expected the end of a text"],
    ['"\\a"', "the JSON text is not valid at byte 2, expected an escape"],
    ['"\\u00g0"', "the JSON text is not valid at byte 5, expected four hexadecimal digits"],
    ["[-]", "the JSON text is not valid at byte 2, expected a value"],
    ["nul", "the JSON text is not valid at byte 0, expected null"],
    ["[".repeat(65), "the JSON text is nested deeper than 64 levels"],
    [`"${"a".repeat(2 ** 20)}"`, "the JSON text has a string of more than 1048576 bytes"],
  ])("of %.20s throws what was expected", (text, message) => {
    expect(() => scan(text)).toThrow(new MalformedMessage(message));
  });

  it("takes no more than 2^24 values and keys", () => {
    expect(() => scan(`[${"[],".repeat(2 ** 23 + 2 ** 16)}1]`)).toThrow(
      "the JSON text has more than 16777216 values and keys",
    );
  });
});
