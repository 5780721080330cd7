import { expect, it } from "vitest";
import { fieldsOf, fillIn, unclosedField } from "../../src/alerts/template.ts";

it("finds the fields of a template", () => {
  expect(fieldsOf("{{agent}} is at {{ current }}, was {{agent}}, {x} {{}}")).toEqual([
    "agent",
    "current",
    "",
  ]);
});

it("shows the start of a field that is not closed", () => {
  expect(unclosedField("{{agent}} is {{ at }} {x}")).toBeUndefined();
  expect(unclosedField("{{agent}} is at {{current} now")).toBe("{{current} now");
  expect(unclosedField(`{{\n${"x".repeat(40)}`)).toBe(`{{\n${"x".repeat(29)}`);
});

it("replaces fields by values, which are not templates themselves", () => {
  expect(fillIn("{{a}}-{{ b }}-{{c}}", { a: "{{b}}", b: "$&" })).toBe("{{b}}-$&-");
  expect(fillIn("{{constructor}}", {})).toBe("");
});
