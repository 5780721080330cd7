import { expect, it } from "vitest";
import { failureOf, fittingRows, resultOf } from "../../../src/commands/mcp/answer.ts";

/** Rows of 1000 bytes: the data in 496 with its quotes and a comma, the line in 504. */
const rows = Array.from({ length: 100 }, () => ({ data: "d".repeat(493), line: "l".repeat(501) }));

it("as many rows fit as have 75,000 bytes, as data and as lines", () => {
  expect(fittingRows(rows)).toHaveLength(75);
  expect(fittingRows(rows.slice(0, 10))).toHaveLength(10);
});

it("rows are measured as they are written", () => {
  // Six characters for each, and one more for the backslash in JSON.
  const hidden = Array.from({ length: 100 }, () => ({ data: "\u0000".repeat(100), line: "東".repeat(99) }));
  expect(fittingRows(hidden)).toHaveLength(Math.floor(75_000 / (703 + 300)));
});

it("a result is a text of lines, and data in which all can be seen", () => {
  expect(resultOf({ data: { "a\n": "b\u202e" }, lines: ["one\ntwo", "three"] })).toEqual({
    content: [{ type: "text", text: "one\\ntwo\nthree" }],
    structuredContent: { "a\\n": "b\\u202e" },
  });
});

it("a failure is the reason on one line", () => {
  expect(failureOf("no\nanswer")).toEqual({
    content: [{ type: "text", text: "no\\nanswer" }],
    isError: true,
  });
});
