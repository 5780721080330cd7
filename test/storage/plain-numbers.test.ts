import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromText, toText } from "../../src/storage/plain-numbers.ts";

const numbers = fc.float64Array().map((array) => Float64Array.from(array));
/** Keys that mean something in the text are names that labels may have. */
const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("number", "float64", "pairs", "__proto__"),
);
const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, "", Number.NaN, Number.NEGATIVE_INFINITY, -0),
    fc.double(),
    fc.string({ unit: "binary" }),
    numbers,
    fc.array(tie("plain"), { maxLength: 4 }),
    fc.dictionary(key, tie("plain"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe("plain data as text", () => {
  it("is read as it was written, whatever its numbers and names are", () => {
    fc.assert(
      fc.property(plain, (data) => {
        expect(fromText(toText(data))).toStrictEqual(data);
      }),
    );
  });

  it("keeps labels whose names mean something in the text", () => {
    const labels = { number: "5", float64: "AAAAAAAA8D8=", pairs: "x" };
    expect(fromText(toText({ labels }))).toEqual({ labels });
  });

  it("is read as older versions wrote it", () => {
    expect(fromText('[{"number":"NaN"},{"float64":"AAAAAAAA8D8="}]')).toEqual([
      Number.NaN,
      Float64Array.of(1),
    ]);
  });
});
