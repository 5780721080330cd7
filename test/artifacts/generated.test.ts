import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { generateDashboards } from "../../src/artifacts/dashboards/dashboards.ts";
import { generateRules } from "../../src/artifacts/rules/rules.ts";
import { optionsFor } from "./options-for.ts";

const monitoring = resolve(import.meta.dirname, "../../examples/monitoring");
const stale = "the file is stale: run `npm run generate`";

it("the rules in the examples are those that the default views give", async () => {
  const kept = readFileSync(resolve(monitoring, "prometheus/otel-forecast.rules.yml"), "utf8");
  expect(kept, stale).toBe((await generateRules(optionsFor())).text);
});

it.for(await generateDashboards(optionsFor()))(
  "the dashboard $name in the examples is what is generated",
  ({ name, text }) => {
    expect(readFileSync(resolve(monitoring, "grafana", name), "utf8"), stale).toBe(text);
  },
);
