import { expect, it } from "vitest";
import { rememberLast } from "../../src/core/remember-last.ts";

it("computes once for as long as the text is the same", () => {
  const computed: string[] = [];
  const upper = rememberLast((text) => {
    computed.push(text);
    return text.toUpperCase();
  });
  expect(["a", "a", "b", "b", "a"].map(upper)).toEqual(["A", "A", "B", "B", "A"]);
  expect(computed).toEqual(["a", "b", "a"]);
});

it("remembers a result that is undefined", () => {
  let times = 0;
  const nothing = rememberLast(() => void times++);
  nothing("");
  nothing("");
  expect(times).toBe(1);
});
