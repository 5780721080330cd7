import { expect, it } from "vitest";
import { GatewayHarness } from "./harness.ts";
import { headerOf } from "./streams/harness.ts";

const depth = { header: { name: "depth" } };
const BASE = "method: naive\nhorizons: [1m]\n";

it("a new interval waits for the next start", async () => {
  const harness = new GatewayHarness(`${BASE}interval: 10s\n`);
  await harness.ticks(30, (tick) => harness.send(depth, tick));
  harness.content = `${BASE}interval: 1m\n`;
  await harness.gateway.reload();
  await harness.ticks(1, () => harness.send(depth, 31));
  expect(await harness.shown("depth_predicted")).toMatchObject([{ value: 31 }]);
});

it("other limits and tenants wait for the next start too", async () => {
  const harness = new GatewayHarness(`${BASE}tenants: { header: x-tenant }\n`);
  harness.gateway.streams
    .intakeFor("a")
    .resource("", () => ({}))
    .metric("m", () => headerOf({}))
    .stream("", () => ({}));
  harness.content = `${BASE}limits: { series: 1 }\n`;
  await harness.gateway.reload();
  await harness.ticks(1, () => {
    harness.send(depth, 1);
    harness.send({ ...depth, attributes: { a: "b" } }, 1);
  });
  expect(await harness.shown("forecast_series")).toMatchObject([{ value: 2 }]);
  expect(await harness.shown("forecast_gateway_streams")).toMatchObject([
    { labels: {} },
    { labels: { tenant: "a" } },
  ]);
});

it("a counter that counts nothing has its series at once", async () => {
  const errors = { header: { name: "errors", kind: "counter" } } as const;
  const harness = new GatewayHarness(BASE);
  await harness.ticks(10, (tick) => harness.send(errors, tick));
  harness.content = `${BASE}thresholds: { depth: { above: 100 } }\n`;
  await harness.gateway.reload();
  await harness.ticks(1, () => harness.send(errors, 9));
  expect(await harness.shown("errors_per_second")).toEqual([{ labels: {}, value: expect.any(Number) }]);
});

it("a file that a part of the gateway can't use is a failed reload", async () => {
  const harness = new GatewayHarness(BASE);
  harness.content = `${BASE}outputs: { remoteWrite: [{ url: "http://%zz:x@127.0.0.1:1" }] }\n`;
  await expect(harness.gateway.reload()).rejects.toThrow();
  await harness.ticks(1);
  expect(await harness.shown("forecast_gateway_config_last_reload_successful")).toMatchObject([{ value: 0 }]);
});

it("a reload that is asked for while another one goes on reads the file again", async () => {
  const harness = new GatewayHarness(BASE);
  await harness.ticks(30, (tick) => harness.send(depth, tick));
  harness.content = `${BASE}thresholds: { depth: { above: 100 } }\n`;
  const first = harness.gateway.reload();
  // It has read the file, and waits for the collections to stop.
  await Promise.resolve();
  await Promise.resolve();
  harness.content = `${BASE}views: [{ instrument: depth, number: level, publish: [predicted], name: depth_now }]\n`;
  await Promise.all([first, harness.gateway.reload()]);
  await harness.ticks(15, () => harness.send(depth, 31));
  expect(await harness.shown("depth_now_predicted")).toHaveLength(1);
});
