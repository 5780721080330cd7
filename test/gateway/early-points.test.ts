import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually, until } from "../eventually.ts";
import { World } from "../run/harness.ts";
import { GatewayHarness } from "./harness.ts";

let folder: string;
const gateways: GatewayHarness[] = [];
const halted: HaltedWorld[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-early-"));
});
afterEach(async () => {
  // A gateway whose work is interrupted would never end.
  for (const world of halted.splice(0)) world.open();
  await Promise.all(gateways.splice(0).map(({ gateway }) => gateway.shutdown()));
  rmSync(folder, { recursive: true, force: true });
});

/** A world in which all work is interrupted until the gate opens. */
class HaltedWorld extends World {
  open: () => void = () => {};
  #isOpen = new Promise<void>((resolve) => {
    this.open = resolve;
  });
  #elapsed = 0;
  override readonly elapsedMillis = (): number => {
    this.#elapsed += 50;
    return this.#elapsed;
  };
  override readonly pause = (): Promise<void> => this.#isOpen;
}

async function startedGateway(world: World): Promise<GatewayHarness> {
  const harness = new GatewayHarness(
    `method: naive
horizons: [1m]
state: { directory: ${folder} }
receivers: { otlp: { http: "127.0.0.1:0" } }
outputs: { prometheus: { address: "127.0.0.1:0" } }
views: [{ instrument: jobs, number: today }]`,
    world,
  );
  gateways.push(harness);
  await harness.gateway.start();
  return harness;
}

function push({ gateway, world }: GatewayHarness, total: number): Promise<Response> {
  const point = {
    asInt: String(total),
    startTimeUnixNano: "1000000000",
    timeUnixNano: `${world.now()}000000`,
  };
  const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints: [point] };
  const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "jobs", sum }] }] }] };
  return fetch(`http://127.0.0.1:${gateway.ports.get("otlp_http")}/v1/metrics`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** A gateway with a saved total, which can't load it before the gate of its world opens. */
async function haltedGateway(): Promise<{ world: HaltedWorld; second: GatewayHarness }> {
  const first = await startedGateway(new World());
  await until(() => first.gateway.notReadyBecause() === undefined);
  await push(first, 1000);
  await first.ticks(1);
  first.world.millis += 1000;
  await push(first, 1003);
  await first.ticks(1);
  expect(await first.shown("jobs_today")).toMatchObject([{ value: 3 }]);
  await first.gateway.shutdown();
  const world = new HaltedWorld();
  halted.push(world);
  world.millis = first.world.millis + 60_000;
  return { world, second: await startedGateway(world) };
}

it("a total that comes while the state is loaded waits until its saved total is known", async () => {
  const { world, second } = await haltedGateway();
  const early = push(second, 1010);
  world.open();
  expect((await early).status).toBe(200);
  await second.ticks(1);
  expect(await second.shown("jobs_today")).toMatchObject([{ value: 10 }]);
});

it("a sender that waits in vain is asked to send again", async () => {
  const { world, second } = await haltedGateway();
  const early = await push(second, 1010);
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
  world.open();
  await until(() => second.gateway.notReadyBecause() === undefined);
  expect((await push(second, 1010)).status).toBe(200);
  await second.ticks(1);
  expect(await second.shown("jobs_today")).toMatchObject([{ value: 10 }]);
});

it("a state that cannot be loaded keeps no points away", async () => {
  const first = await startedGateway(new World());
  await until(() => first.gateway.notReadyBecause() === undefined);
  // The folder is that of the first one.
  const second = await startedGateway(new World());
  await until(async () => (await push(second, 1)).status === 200);
  await eventually(() => expect(second.gateway.notReadyBecause()).toBe("its state is not loaded"));
});

it("a sender that waits is asked to send again when the gateway ends", async () => {
  const { second } = await haltedGateway();
  const early = request({
    port: second.gateway.ports.get("otlp_http"),
    path: "/v1/metrics",
    method: "POST",
    headers: { "content-type": "application/json", expect: "100-continue" },
  });
  early.flushHeaders();
  await once(early, "continue");
  early.end("{}");
  const ended = second.gateway.shutdown();
  const [response] = (await once(early, "response")) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(503);
  for (const world of halted) world.open();
  await ended;
});
