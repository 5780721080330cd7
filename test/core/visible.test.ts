import { expect, it } from "vitest";
import { visible, visibleLine } from "../../src/core/visible.ts";

it("writes codes that a terminal would obey as text, and keeps the rest", () => {
  expect(visible("\u001b[2J\u009b1m\u202e\r\u0007")).toBe("\\u001b[2J\\u009b1m\\u202e\\u000d\\u0007");
  expect(visible("é, \ttab\n名 🚀")).toBe("é, \ttab\n名 🚀");
});

it("shows the marks that change the direction of text", () => {
  expect(visible("\u061ca\u200e\u200fb\u2066\u2069")).toBe("\\u061ca\\u200e\\u200fb\\u2066\\u2069");
});

it("keeps a line one line", () => {
  expect(visibleLine("a\nerror: fake\r\u001b")).toBe("a\\nerror: fake\\u000d\\u001b");
});

it("keeps the data of JSON", () => {
  const data = { "a\u009b": "\u202e\u001b\u007f" };
  expect(JSON.parse(visible(JSON.stringify(data)))).toEqual(data);
});
