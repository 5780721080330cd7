import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { pageAt } from "./pages.ts";

const source = resolve(import.meta.dirname, "../../src");

/** Reasons for which something is dropped, as the code has them. */
function reasonsInCode(): string[] {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const given = files.flatMap((path) =>
    [...readFileSync(resolve(source, path), "utf8").matchAll(/skip(?:Thrown)?\(\s*"(\w+)"/g)].map(
      ([, reason = ""]) => reason,
    ),
  );
  const typed = readFileSync(resolve(source, "core/drop-reason.ts"), "utf8").matchAll(/\| "(\w+)"/g);
  return [...new Set([...given, ...[...typed].map(([, reason = ""]) => reason)])];
}

it("every reason of forecast_skipped_total is described", () => {
  const reasons = reasonsInCode();
  expect(reasons).toContain("duplicate_task");
  expect(reasons).toContain("callback_failed");
  const described = pageAt("docs/classes.md").text + pageAt("docs/metrics.md").text;
  expect(reasons.filter((reason) => !described.includes(`\`${reason}\``))).toEqual([]);
});
