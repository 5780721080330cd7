import { describe, expect, it } from "vitest";
import { jsonValues } from "../../../../src/commands/backtest/input/json-values.ts";

const MEGABYTE = 2 ** 20;

describe("a file of JSON", () => {
  it("may have objects of several lines, with braces and quotes in strings", () => {
    expect(jsonValues('{\n"a": "}\\"{"\n}\n{\n"b": NaN }')).toEqual([
      { line: 1, value: { a: '}"{' } },
      { line: 4, value: { b: null } },
    ]);
  });

  it.each([
    ["", []],
    [" \n\n", []],
    ["[1, 2]", [1, 2].map((value) => ({ line: 1, value }))],
    ['\n{"a": 1}', [{ line: 1, value: { a: 1 } }]],
    ["\n1\n\n2\r\n", [1, 2].map((value) => ({ line: 2 * value, value }))],
    // The first line is whole, so that each line is one value.
    ['{"a": 1}\n{"b":\n2}', [{ line: 1, value: { a: 1 } }, ...['{"b":', "2}"].map(brokenAt)]],
    [
      "{\n1\n}}",
      [
        { line: 1, broken: "{" },
        { line: 2, value: 1 },
        { line: 3, broken: "}}" },
      ],
    ],
  ])("of the text %j has the values %j", (text, values) => {
    expect(jsonValues(text)).toEqual(values);
  });

  // A search that starts again at each quote takes hours for these.
  it.each(['{"', '"', '\\"', "{", "}", '{\n"', "NaN", '"\\\\'])("of a megabyte of %j comes back", (part) => {
    const text = `{${part.repeat(MEGABYTE / part.length)}\\`;
    for (const value of jsonValues(text)) expect(value).toHaveProperty("broken");
  });
});

function brokenAt(broken: string, index: number) {
  return { line: index + 2, broken };
}
