import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { pageAt, rows, sectionOf } from "./pages.ts";

const root = resolve(import.meta.dirname, "../..");
const promises = rows(sectionOf(pageAt("docs/reliability.md"), "Promises")).slice(1);

it("lists promises", () => {
  expect(promises.length).toBeGreaterThan(10);
});

it.for(promises)("a test holds: %s", ([promise = "", , heldBy = ""]) => {
  const files = [...heldBy.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, file = ""]) => file);
  expect(files.length, promise).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
});
