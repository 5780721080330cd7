import { expect, it } from "vitest";
import { pageAt, rows, sectionOf } from "./pages.ts";

const toolOf = (name: string) => import(new URL(`../../tools/frameworks/${name}`, import.meta.url).href);
const { lineOf } = await toolOf("line.mjs");
const { newestIn } = await toolOf("newest.mjs");
const { testedVersions } = await toolOf("tested.mjs");

const listed = rows(sectionOf(pageAt("docs/frameworks-reference.md"), "Tested versions"));

it("the reference lists the version of each framework that is tested, and no other", () => {
  const tested = testedVersions().map(([name, version]: string[]) => [`\`${name}\``, version]);
  expect(tested.length).toBeGreaterThan(10);
  expect(listed.filter(([name]) => name !== "package")).toEqual(tested);
});

it("every package of a framework that the README names has a tested version", () => {
  const supported = sectionOf(pageAt("docs/frameworks.md"), "Supported frameworks").text;
  const named = [...supported.matchAll(/`(@?[a-z][\w/-]*)`/g)].map(([, name]) => `\`${name}\``);
  const packages = named.filter((name) => /^`(ai|openai|@.+\/.+)`$/.test(name));
  expect(packages.length).toBeGreaterThan(8);
  expect(packages.filter((name) => !listed.some(([known]) => known === name))).toEqual([]);
});

it.for([
  { newest: "7.1.0", line: "frameworks: newer than tested: ai 7.1.0 (tested: 7.0.0)" },
  { newest: "7.0.0", line: "frameworks: the newest versions are tested" },
  { newest: undefined, line: "frameworks: no answer about ai" },
])("one line says what is newer: $line", ({ newest, line }) => {
  expect(lineOf([{ name: "ai", version: "7.0.0", newest }])).toBe(line);
});

it.for([
  { of: "the newest of all", answer: '"7.1.0"\n', newest: "7.1.0" },
  { of: "a range", answer: '["5.0.9", "5.0.277", "5.0.28", "5.1.0-beta.1"]', newest: "5.0.277" },
  { of: "a package that is not known", answer: "", newest: undefined },
])("reads the newest version in the answer of npm about $of", ({ answer, newest }) => {
  expect(newestIn(answer)).toBe(newest);
});

it("asks for the newest of an older major version, as its alias pins it", () => {
  expect(testedVersions()).toContainEqual(["ai@5", expect.stringMatching(/^5\.\d+\.\d+$/)]);
  expect(testedVersions()).toContainEqual(["ai@6", expect.stringMatching(/^6\.\d+\.\d+$/)]);
});
