import { afterEach, beforeEach, expect, it } from "vitest";
import { freePort } from "../e2e/harness/free-ports.ts";
import { GatewayHarness } from "./harness.ts";

let harness: GatewayHarness;
let otlp: string;
let written: string;
beforeEach(async () => {
  const [intake, web] = [await freePort(), await freePort()];
  otlp = `http://127.0.0.1:${intake}/v1/metrics`;
  written = `http://127.0.0.1:${web}/api/v1/write`;
  harness = new GatewayHarness(`
method: naive
horizons: [1m]
tenants: { header: X-Scope-OrgID, label: team }
limits: { streams: 2, bodyMiB: 1 }
receivers: { otlp: { http: "127.0.0.1:${intake}" }, remoteWrite: { path: /api/v1/write } }
outputs: { prometheus: { address: "127.0.0.1:${web}" } }
`);
  await harness.gateway.start();
});
afterEach(() => harness.gateway.shutdown());

function send(url: string, tenant: string | undefined, body: string): Promise<Response> {
  const headers = { "content-type": "application/json", ...(tenant && { "x-scope-orgid": tenant }) };
  return fetch(url, { method: "POST", headers, body });
}

/** A point of each of so many streams. */
function gauges(streams: number): string {
  const dataPoints = Array.from({ length: streams }, (_, index) => ({
    timeUnixNano: `${harness.world.now()}000000`,
    attributes: [{ key: "queue", value: { stringValue: `${index}` } }],
    asDouble: 1,
  }));
  const metrics = [{ name: "depth", gauge: { dataPoints } }];
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ scope: { name: "test" }, metrics }] }] });
}

async function countsOf(metric: string): Promise<Record<string, unknown>> {
  const shown = await harness.shown(`forecast_gateway_${metric}`);
  return Object.fromEntries(
    shown.map(({ labels: { receiver = "", reason = "", team = "none" }, value }) => [
      [team, receiver, reason].filter((part) => part !== "").join(" "),
      value,
    ]),
  );
}

it("a gateway counts what it takes, refuses and leaves out by tenant", async () => {
  await send(otlp, "green", gauges(5));
  await send(otlp, "blue", gauges(1));
  await send(otlp, undefined, gauges(2));
  await send(otlp, "blue", "{");
  await send(otlp, "blue", " ".repeat(2 * 2 ** 20));
  await send(written, "blue", "no snappy");
  // Whoever is not let in could name any tenant.
  await send(otlp.replace("/v1/metrics", "/v1/traces"), "green", "{}");
  await harness.ticks(1);
  expect(await countsOf("received_total")).toEqual({
    "green otlp_http": 2,
    "blue otlp_http": 1,
    "none otlp_http": 2,
  });
  expect(await countsOf("dropped_total")).toEqual({ "green too_many_streams": 3 });
  expect(await countsOf("refused_total")).toEqual({
    "blue otlp_http malformed": 1,
    "blue otlp_http too_large": 1,
    "blue remote_write unsupported_type": 1,
    "none otlp_http not_found": 1,
  });
  expect(await countsOf("streams")).toEqual({ green: 2, blue: 1, none: 2 });
});

it("a gateway to which no tenant has sent anything shows that it knows no streams", async () => {
  await harness.ticks(1);
  // Alerts and dashboards find gateways by this metric.
  expect(await countsOf("streams")).toEqual({ none: 0 });
});

it("a sender that names ever different tenants does not fill the page", async () => {
  for (let number = 0; number < 1005; number += 1)
    harness.gateway.counts.received("otlp_http", 1, `t${number}`);
  await harness.ticks(1);
  const received = await countsOf("received_total");
  expect(Object.keys(received)).toHaveLength(1001);
  expect(received["others otlp_http"]).toBe(5);
});
