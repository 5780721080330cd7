import { expect, it } from "vitest";
import { fieldsOf, fillIn } from "../../src/alerts/template.ts";

it("finds the fields of a template", () => {
  expect(fieldsOf("{{agent}} is at {{ current }}, was {{agent}}, {x} {{}}")).toEqual([
    "agent",
    "current",
    "",
  ]);
});

it("replaces fields by values, which are not templates themselves", () => {
  expect(fillIn("{{a}}-{{ b }}-{{c}}", { a: "{{b}}", b: "$&" })).toBe("{{b}}-$&-");
  expect(fillIn("{{constructor}}", {})).toBe("");
});
