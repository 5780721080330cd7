import { expect, it } from "vitest";
import { describeGatewayDashboards } from "../../src/artifacts/dashboards/dashboards.ts";
import { generateGatewayRules } from "../../src/artifacts/rules/gateway-rules.ts";
import { readGatewayFile } from "../../src/config/gateway/read-gateway-file.ts";
import { FULL_FILE, gatewayFor } from "../artifacts/gateway-for.ts";
import { blocks, pageAt, rows, sectionOf } from "./pages.ts";

const page = pageAt("docs/gateway-operation.md");
const gateway = gatewayFor(FULL_FILE);
/** Without the views of the other one, which sum over partitions. */
const ofKafka = gatewayFor(
  "state: { directory: /s }\nreceivers: { kafka: { brokers: ['k:9092'], topic: t } }",
);

function namesIn(section: string): string[] {
  return rows(sectionOf(page, section)).flatMap(([cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

it("the page has every alert on the gateway itself, with a link to its runbook", async () => {
  const { groups } = await generateGatewayRules(gateway);
  const own = groups.find(({ name }) => name === "otel-forecast-gateway")?.rules ?? [];
  const table = new Map(rows(page).map(([name = "", , runbook = ""]) => [name, runbook]));
  expect(own.length).toBeGreaterThan(8);
  for (const rule of own) {
    if (!("alert" in rule)) continue;
    const runbook = rule.annotations.runbook_url.split("/").at(-1);
    expect(table.get(`\`${rule.alert}\``), rule.alert).toBe(`[runbook](runbooks/${runbook})`);
  }
});

it("the page has no alert and no dashboard that is not generated", async () => {
  const generated = await Promise.all([gateway, ofKafka].map((of) => generateGatewayRules(of)));
  const alerts = generated
    .flatMap(({ groups }) => groups)
    .flatMap(({ rules }) => rules.map((rule) => ("alert" in rule ? rule.alert : "")));
  const named = [...page.text.matchAll(/\bOtelForecast[A-Z]\w+/g)].map(([name]) => name);
  expect(named.filter((name) => !alerts.includes(name))).toEqual([]);
  const files = (await describeGatewayDashboards(gateway)).map(({ file }) => file);
  expect(namesIn("Alerts and dashboards").filter((name) => name.endsWith(".json"))).toEqual(files);
});

it("what is shown of a file is accepted", () => {
  const shown = blocks(page, "yaml");
  expect(shown).not.toEqual([]);
  for (const content of shown) expect(() => readGatewayFile("gateway.yaml", content)).not.toThrow();
});
