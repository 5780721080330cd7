import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { generateDashboards, generateGatewayDashboards } from "../../src/artifacts/dashboards/dashboards.ts";
import { GATEWAY_JOB } from "../../src/artifacts/described-gateway.ts";
import { prometheusConfiguration } from "../../src/artifacts/prometheus-configuration.ts";
import { generateGatewayRules } from "../../src/artifacts/rules/gateway-rules.ts";
import { generateRules } from "../../src/artifacts/rules/rules.ts";
import { gatewayFor } from "./gateway-for.ts";
import { optionsFor } from "./options-for.ts";

const monitoring = resolve(import.meta.dirname, "../../examples/monitoring");
const ofGateway = resolve(import.meta.dirname, "../../examples/gateway");
const gateway = gatewayFor(readFileSync(resolve(ofGateway, "gateway.yaml"), "utf8"), GATEWAY_JOB);
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

it("the rules of a gateway in the examples are those of its file", async () => {
  const kept = readFileSync(resolve(ofGateway, "prometheus/otel-forecast-gateway.rules.yml"), "utf8");
  expect(kept, stale).toBe((await generateGatewayRules(gateway)).text);
});

it("the configuration of Prometheus in the examples is that for the file of the gateway", () => {
  const kept = readFileSync(resolve(ofGateway, "prometheus/prometheus.yml"), "utf8");
  const access = { targets: ["gateway:9464"], isEncrypted: false, user: "prometheus" };
  expect(kept, stale).toBe(prometheusConfiguration(gateway, access));
});

it.for(await generateGatewayDashboards(gateway))(
  "the dashboard $name of a gateway in the examples is what is generated",
  ({ name, text }) => {
    expect(readFileSync(resolve(ofGateway, "grafana", name), "utf8"), stale).toBe(text);
  },
);
