import { describe, expect, it } from "vitest";
import { labelName, labelText } from "../../src/core/label-text.ts";

function cuts(make: (onCut: () => void) => string): [string, number] {
  let count = 0;
  const text = make(() => {
    count += 1;
  });
  return [text, count];
}

describe("the text of a label", () => {
  it("stays as it is up to 1024 characters", () => {
    const longest = "ä".repeat(1024);
    expect(cuts((onCut) => labelText(longest, onCut))).toEqual([longest, 0]);
    expect(cuts((onCut) => labelName(longest, onCut))).toEqual([longest, 0]);
  });

  it("is cut beyond that, and stays different from other texts", () => {
    const [one, count] = cuts((onCut) => labelText(`${"ä".repeat(1024)}1`, onCut));
    const [other] = cuts((onCut) => labelName(`${"ä".repeat(1024)}2`, onCut));
    expect([one.length, count, one.slice(0, 1009)]).toEqual([1024, 1, "ä".repeat(1009)]);
    expect(one).not.toBe(other);
  });

  it("has a name for a key that is empty", () => {
    expect([labelName("", () => {}), labelText("", () => {})]).toEqual(["_", ""]);
  });
});
