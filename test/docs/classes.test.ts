import { expect, it } from "vitest";
import { methodNames } from "../../src/forecast/fit-options.ts";
import * as face from "../../src/index.ts";
import { blocks, pageAt, pages, readme } from "./pages.ts";

const classes = pageAt("docs/classes.md").text;

/** ChildAgents of the classes that a user handles, with a page each. */
const members: [name: string, prototype: object][] = Object.entries(face).flatMap(([name, value]) =>
  typeof value === "function" && value.prototype !== undefined ? [[name, value.prototype]] : [],
);

it.for(members)("%s is described, with its members", ([name, prototype]) => {
  expect(classes).toContain(name);
  const own = Object.getOwnPropertyNames(prototype).filter((member) => member !== "constructor");
  expect(own.filter((member) => !new RegExp(`\\b${member}\\b`).test(classes))).toEqual([]);
});

it("the README names every export that is not a type", () => {
  expect(Object.keys(face).filter((name) => name !== "AgentHandle" && !readme.text.includes(name))).toEqual(
    [],
  );
});

it("every method is described", () => {
  expect(methodNames.filter((name) => !classes.includes(`\`${name}\``))).toEqual([]);
});

it.for(pages)("what is imported in $path is there to import", (page) => {
  const imported = blocks(page, "js").flatMap((block) =>
    [...block.matchAll(/import \{([^}]*)\} from "otel-forecast"/g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim()),
    ),
  );
  expect(imported.filter((name) => !(name in face))).toEqual([]);
});
