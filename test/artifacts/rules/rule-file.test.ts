import { expect, it } from "vitest";
import { parse } from "yaml";
import { ruleFileText } from "../../../src/artifacts/rules/rule-file.ts";

it("a rule file has the groups that have a rule, below its header", () => {
  const rule = (record: string) => ({ record, expr: "up" });
  const full = { name: "full", rules: [rule("a"), rule("b")] };
  const single = { name: "single", rules: [rule("c")] };
  const text = ruleFileText([full, { name: "empty", rules: [] }, single], ["made by", "a test"]);
  expect(text).toMatch(/^# made by\n# a test\ngroups:\n/);
  expect(parse(text)).toEqual({ groups: [full, single] });
});
