import { afterEach, describe, expect, it } from "vitest";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { freePorts } from "../e2e/harness/free-ports.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";

const endpoints: PrometheusEndpoint[] = [];

afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.shutdown();
});

function endpointOf(name: string, port: number, host = "localhost"): PrometheusEndpoint {
  const collect = async () => ({
    resourceMetrics: resourceMetrics({ "otel-forecast": [gauge(name, [{}, 1])] }),
    errors: [],
  });
  const endpoint = new PrometheusEndpoint({ host, port, metricProducers: [{ collect }] });
  endpoints.push(endpoint);
  return endpoint;
}

/** Names of the gauges on the port; `undefined` if no endpoint listens. */
async function shownOn(port: number, host = "127.0.0.1"): Promise<string[] | undefined> {
  const headers = { Connection: "close" };
  const response = await fetch(`http://${host}:${port}/metrics`, { headers }).catch(() => undefined);
  const text = await response?.text();
  return text?.match(/^[a-z]+(?= 1$)/gm)?.map(String) ?? undefined;
}

describe("endpoints of one process that want one port", () => {
  it("are shown by the endpoint that reserved it first, even if another starts earlier", async () => {
    const [port = 0] = await freePorts(1);
    const [first, second] = [endpointOf("first", port), endpointOf("second", port)];
    first.reserve();
    await second.start();
    expect(await shownOn(port)).toBeUndefined();
    await first.start();
    expect(await shownOn(port)).toEqual(["first", "second"]);
  });

  it("are shown by the next endpoint if the first one releases its reservation", async () => {
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

  it("skip an endpoint that has not started, which listens when it starts", async () => {
    const [port = 0] = await freePorts(1);
    const [first, second] = [endpointOf("first", port), endpointOf("second", port)];
    await first.start();
    second.reserve();
    await first.shutdown();
    expect(await shownOn(port)).toBeUndefined();
    await second.start();
    expect(await shownOn(port)).toEqual(["second"]);
  });

  it("all stop listening if they are shut down at the same time", async () => {
    const [port = 0] = await freePorts(1);
    const all = ["a", "b", "c"].map((name) => endpointOf(name, port));
    for (const endpoint of all) await endpoint.start();
    await Promise.all(all.map((endpoint) => endpoint.shutdown()));
    expect(await shownOn(port)).toBeUndefined();
  });
});

describe("endpoints that want one port of different hosts", () => {
  // Only Linux has all of 127.0.0.0/8 without configuration.
  const it4 = it.skipIf(process.platform !== "linux");

  it4("each listen separately", async () => {
    const [port = 0] = await freePorts(1);
    const [one, other] = [endpointOf("one", port, "127.0.0.2"), endpointOf("other", port)];
    await one.start();
    await other.start();
    expect(await shownOn(port, "127.0.0.2")).toEqual(["one"]);
    expect(await shownOn(port)).toEqual(["other"]);
  });

  it4("are shown by one that listens on all of them, and listen when it ends", async () => {
    const [port = 0] = await freePorts(1);
    const everywhere = endpointOf("everywhere", port, "0.0.0.0");
    const [one, other] = [endpointOf("one", port, "127.0.0.2"), endpointOf("other", port)];
    for (const endpoint of [everywhere, one, other]) await endpoint.start();
    expect(await shownOn(port, "127.0.0.3")).toEqual(["everywhere", "one", "other"]);
    await everywhere.shutdown();
    expect(await shownOn(port, "127.0.0.2")).toEqual(["one"]);
    expect(await shownOn(port)).toEqual(["other"]);
  });

  it4("show one that would listen on all of them, which listens when they have all ended", async () => {
    const [port = 0] = await freePorts(1);
    const everywhere = endpointOf("everywhere", port, "0.0.0.0");
    const [one, other] = [endpointOf("one", port, "127.0.0.2"), endpointOf("other", port)];
    for (const endpoint of [one, everywhere, other]) await endpoint.start();
    expect(await shownOn(port, "127.0.0.2")).toEqual(["one", "everywhere"]);
    expect(await shownOn(port)).toEqual(["other", "everywhere"]);
    await one.shutdown();
    expect(await shownOn(port, "127.0.0.2")).toBeUndefined();
    await other.shutdown();
    expect(await shownOn(port, "127.0.0.2")).toEqual(["everywhere"]);
  });
});

describe("an endpoint that can't listen at all", () => {
  it("leaves the port to the next endpoint, which shows it, in either order", async () => {
    const [port = 0] = await freePorts(1);
    const nowhere = endpointOf("nowhere", port, "nowhere.invalid");
    const everywhere = endpointOf("everywhere", port, "0.0.0.0");
    await Promise.all([nowhere.start(), everywhere.start()]);
    expect(await shownOn(port)).toEqual(["everywhere", "nowhere"]);
    await everywhere.shutdown();
    const later = endpointOf("later", port, "0.0.0.0");
    await later.start();
    expect(await shownOn(port)).toEqual(["later", "nowhere"]);
  });
});

describe("an endpoint that has ended", () => {
  it("cannot be started again, and does not block others", async () => {
    const [port = 0] = await freePorts(1);
    const [ended, next] = [endpointOf("ended", port), endpointOf("next", port)];
    await ended.start();
    await ended.shutdown();
    await ended.start();
    ended.reserve();
    await next.start();
    expect(await shownOn(port)).toEqual(["next"]);
  });
});

describe("endpoints that want any port, or different ones", () => {
  it("each listen separately", async () => {
    const [one, other] = [endpointOf("one", 0), endpointOf("other", 0)];
    await one.start();
    await other.start();
    expect(await shownOn(one.port)).toEqual(["one"]);
    expect(await shownOn(other.port)).toEqual(["other"]);
  });

  it("show only those that want their own port", async () => {
    const [port = 0, otherPort = 0] = await freePorts(2);
    const all = [
      endpointOf("one", port),
      endpointOf("other", otherPort),
      endpointOf("besideone", port),
      endpointOf("besideother", otherPort),
    ];
    for (const endpoint of all) await endpoint.start();
    expect(await shownOn(port)).toEqual(["one", "besideone"]);
    expect(await shownOn(otherPort)).toEqual(["other", "besideother"]);
  });
});
