import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { parse } from "yaml";
import { blocks, pageAt } from "./pages.ts";

const page = pageAt("docs/which-alerts.md");
const folder = mkdtempSync(join(tmpdir(), "otel-forecast-which-alerts-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Rule {
  readonly alert?: string;
}

function generatedRules(configuration: string): Rule[] {
  const file = join(folder, "forecast.yaml");
  writeFileSync(file, configuration);
  const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
  const { groups } = parse(
    execFileSync(process.execPath, [cli, "rules", "--config", file], { encoding: "utf8" }),
  );
  return groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
}

const rules = generatedRules(blocks(page, "yaml")[0] ?? "");

it("the rules that are shown are generated from the file that is shown", () => {
  const shown: Rule[] = parse(blocks(page, "text")[0] ?? "");
  expect(shown).toHaveLength(2);
  for (const rule of shown) expect(rules).toContainEqual(expect.objectContaining(rule));
});

it("the generated alerts that are named exist", () => {
  const named = [...page.text.matchAll(/\bOtelForecast[A-Z]\w+/g)].map(([name]) => name);
  expect(named).toContain("OtelForecastNotRunning");
  const generated = new Set(rules.map(({ alert }) => alert));
  expect(named.filter((name) => !generated.has(name))).toEqual([]);
});
