import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { pageAt, readme } from "./pages.ts";

it("every variable of OpenTelemetry that the code reads is described", () => {
  const source = resolve(import.meta.dirname, "../../src");
  const read = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => readFileSync(resolve(source, path), "utf8").match(/"OTEL_[A-Z_]+[A-Z]"/g) ?? [])
    .map((name) => name.slice(1, -1));
  expect(read).toContain("OTEL_LOG_LEVEL");
  const described = readme.text + pageAt("docs/environment-variables.md").text;
  expect([...new Set(read)].filter((name) => !described.includes(`\`${name}\``))).toEqual([]);
});
