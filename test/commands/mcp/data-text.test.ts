import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedText, seenData, seenText } from "../../../src/commands/mcp/data-text.ts";

describe("seenText", () => {
  it.each([
    ["a control", "a\u001b[31mb\u0000\u0085", "a\\u001b[31mb\\u0000\\u0085"],
    ["ends of lines", "a\nb\r\nc\u2028d\te", "a\\nb\\r\\nc\\u2028d\\te"],
    ["a change of direction", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
    [
      "what has no width",
      "a\u200bb\u200dc\ufeffd\u2060e\u00adf",
      "a\\u200bb\\u200dc\\ufeffd\\u2060e\\u00adf",
    ],
    ["tags, which spell a text that nobody sees", "a\u{e0049}\u{e0067}", "a\\udb40\\udc49\\udb40\\udc67"],
    ["selectors of variants", "a\ufe0f\u{e0100}", "a\\ufe0f\\udb40\\udd00"],
    ["half of a pair", "a\ud83d", "a\\ud83d"],
  ])("shows %s", (_, text, shown) => {
    expect(seenText(text)).toBe(shown);
  });

  it.each(["/var/lib/docker", "Grüße, 東京, 🐛", 'C:\\temp "x"'])("leaves %s as it is", (text) => {
    expect(seenText(text)).toBe(text);
  });

  it("gives one line of seen characters for every text, and shows nothing twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = seenText(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(seenText(shown)).toBe(shown);
      }),
    );
  });
});

it("seenData shows values and names at any depth, and keeps numbers, null and true", () => {
  expect(seenData({ "a\n": ["b\u0000", { c: 1, d: null, e: true, f: "g" }] })).toEqual({
    "a\\n": ["b\\u0000", { c: 1, d: null, e: true, f: "g" }],
  });
});

describe("boundedText", () => {
  it("keeps a text that is short enough, with what is not seen", () => {
    expect(boundedText("a\nb", 4)).toBe("a\nb");
  });

  it("has at most the length, as it is seen", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.integer({ min: 20, max: 100 }),
        (text, most) => {
          expect(seenText(boundedText(text, most)).length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it.each([30, 31])("of %i characters has them where the cut goes through a pair", (most) => {
    expect(seenText(boundedText("🐛".repeat(50), most))).toMatch(new RegExp(`^.{20,${most}}$`));
  });

  it("tells long texts apart that begin alike", () => {
    const [one, other] = ["a", "b"].map((end) => boundedText(`${"x".repeat(500)}${end}`, 100));
    expect(one).not.toBe(other);
  });
});
