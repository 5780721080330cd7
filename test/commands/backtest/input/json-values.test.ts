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

  // A search that starts again at each quote takes hours for these.
  it.each(['{"', '"', '\\"', "{", "}", '{\n"', "NaN", '"\\\\'])("of a megabyte of %j comes back", (part) => {
    const text = `{${part.repeat(MEGABYTE / part.length)}\\`;
    for (const value of jsonValues(text)) expect(value).toHaveProperty("broken");
  });
});
