import { afterEach, describe, expect, it } from "vitest";
import { PrometheusEndpoint } from "../../../src/telemetry/prometheus/prometheus-endpoint.ts";
import { freePorts } from "../../e2e/harness/free-ports.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";

const endpoints: PrometheusEndpoint[] = [];

afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.shutdown();
});

function endpointOf(name: string, port: number): PrometheusEndpoint {
  const collect = async () => ({
    resourceMetrics: resourceMetrics({ "otel-forecast": [gauge(name, [{}, 1])] }),
    errors: [],
  });
  const endpoint = new PrometheusEndpoint({ port, metricProducers: [{ collect }] });
  endpoints.push(endpoint);
  return endpoint;
}

/** Names of the gauges that are shown on the port; `undefined` when nobody listens. */
async function shownOn(port: number): Promise<string[] | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
  const text = await response?.text();
  return text?.match(/^[a-z]+(?= 1$)/gm)?.map(String) ?? undefined;
}

describe("endpoints of one process that want one port", () => {
  it("are shown by the one that reserved it first, though another starts earlier", async () => {
    const [port = 0] = await freePorts(1);
    const [first, second] = [endpointOf("first", port), endpointOf("second", port)];
    first.reserve();
    await second.start();
    expect(await shownOn(port)).toBeUndefined();
    await first.start();
    expect(await shownOn(port)).toEqual(["first", "second"]);
  });

  it("are shown by the next, where the one that reserved it does not want it after all", async () => {
    const [port = 0] = await freePorts(1);
    const [first, second] = [endpointOf("first", port), endpointOf("second", port)];
    first.reserve();
    await second.start();
    await first.release();
    expect(await shownOn(port)).toEqual(["second"]);
    await first.start();
    await first.release();
    expect(await shownOn(port)).toEqual(["second", "first"]);
  });

  it("pass over one that has not started, which listens when it does", async () => {
    const [port = 0] = await freePorts(1);
    const [first, second] = [endpointOf("first", port), endpointOf("second", port)];
    await first.start();
    second.reserve();
    await first.shutdown();
    expect(await shownOn(port)).toBeUndefined();
    await second.start();
    expect(await shownOn(port)).toEqual(["second"]);
  });

  it("leave nobody listening when they end at once", async () => {
    const [port = 0] = await freePorts(1);
    const all = ["a", "b", "c"].map((name) => endpointOf(name, port));
    for (const endpoint of all) await endpoint.start();
    await Promise.all(all.map((endpoint) => endpoint.shutdown()));
    expect(await shownOn(port)).toBeUndefined();
  });
});

describe("endpoints that want any port, or different ones", () => {
  it("listen each by itself", async () => {
    const [one, other] = [endpointOf("one", 0), endpointOf("other", 0)];
    await one.start();
    await other.start();
    expect(await shownOn(one.port)).toEqual(["one"]);
    expect(await shownOn(other.port)).toEqual(["other"]);
  });
});
