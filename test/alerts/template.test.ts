import { expect, it } from "vitest";
import { fieldsOf, fillIn } from "../../src/alerts/template.ts";

it("knows the fields of a template", () => {
  expect(fieldsOf("{{agent}} is at {{ current }}, was {{agent}}, {x} {{}}")).toEqual([
    "agent",
    "current",
    "",
  ]);
});

it("fills fields in, and takes what is filled in for text", () => {
  expect(fillIn("{{a}}-{{ b }}-{{c}}", { a: "{{b}}", b: "$&" })).toBe("{{b}}-$&-");
  expect(fillIn("{{constructor}}", {})).toBe("");
});
