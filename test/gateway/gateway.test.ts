import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { GatewayHarness } from "./harness.ts";

const NOT_READY = 30;

describe("a gateway", () => {
  it("forecasts a gauge with the labels of its series", async () => {
    const harness = new GatewayHarness();
    const sent = {
      header: { name: "queue.size" },
      resource: { "service.name": "api" },
      attributes: { queue: "a" },
    };
    await harness.ticks(NOT_READY, (tick) => harness.send(sent, tick));
    const labels = { job: "api", queue: "a", horizon: "1m" };
    expect(await harness.shown("queue_size_predicted")).toEqual([{ labels, value: NOT_READY - 1 }]);
    // The measured series is where it was sent from; here it would be there twice.
    expect(await harness.shown("queue_size")).toEqual([]);
  });

  it("forecasts the rate of a counter, and a restart of one of two senders is no spike", async () => {
    const harness = new GatewayHarness(`
method: naive
horizons: [1m]
views: [{ instrument: jobs, number: rate, by: [], name: jobs_rate }]`);
    const header = { name: "jobs", kind: "counter", temporality: "cumulative" } as const;
    await harness.ticks(NOT_READY, (tick) => {
      // Each grows by 10 in 10 seconds. The first sender restarts in the middle.
      harness.send({ header, resource: { "host.name": "a" } }, 10 * (tick < 20 ? 1000 + tick : tick - 19));
      harness.send({ header, resource: { "host.name": "b" } }, 10 * (5000 + tick));
    });
    expect(await harness.shown("jobs_rate")).toEqual([{ labels: {}, value: expect.closeTo(2, 1) }]);
  });

  it("groups by attributes of the resource that are no labels", async () => {
    const harness = new GatewayHarness(`
method: naive
horizons: [1m]
views: [{ instrument: memory, number: level, by: [cloud.region], name: memory_by_region }]`);
    await harness.ticks(2, () => {
      for (const [host, region, value] of [
        ["a", "eu", 1],
        ["b", "eu", 2],
        ["c", "us", 4],
      ] as const)
        harness.send(
          { header: { name: "memory" }, resource: { "host.name": host, "cloud.region": region } },
          value,
        );
    });
    expect(await harness.shown("memory_by_region")).toEqual([
      { labels: { "cloud.region": "eu" }, value: 3 },
      { labels: { "cloud.region": "us" }, value: 4 },
    ]);
  });

  it("has no level of a sender that has been silent for five minutes, and its forecasts stand still", async () => {
    const harness = new GatewayHarness();
    await harness.ticks(NOT_READY, (tick) => harness.send({ header: { name: "depth" } }, tick));
    expect(await harness.shown("forecast_ready")).toMatchObject([{ value: 1 }]);
    await harness.ticks(32);
    expect(await harness.shown("forecast_ready")).toMatchObject([{ value: 0 }]);
  });

  it("never forecasts a forecast", async () => {
    const harness = new GatewayHarness();
    await harness.ticks(2, () => {
      harness.send({ header: { name: "queue_size_predicted_upper" } }, 1);
      harness.send({ header: { name: "ai_cloud.success_rate", scope: "otel-forecast" } }, 1);
      harness.send({ header: { name: "forecast_ready" } }, 1);
    });
    expect(await harness.shown("forecast_series")).toMatchObject([{ value: 0 }]);
  });

  it("counts what today comes to, by the midnight of the view's time zone", async () => {
    const harness = new GatewayHarness(`
method: naive
horizons: [1m]
timeZone: Asia/Tokyo
views: [{ instrument: cost, number: today, by: [user], threshold: { above: 50 } }]`);
    // Midnight in Tokyo is 15:00 UTC.
    harness.world.millis = Date.UTC(2026, 10, 28, 14, 59, 0);
    const header = { name: "cost", unit: "USD", kind: "counter", temporality: "delta" } as const;
    const send = (): void => {
      for (const session of ["1", "2"])
        harness.send({ header, attributes: { user: "ada", "session.id": session } }, 1.5);
    };
    await harness.ticks(5, send);
    expect(await harness.shown("cost_today_USD")).toEqual([{ labels: { user: "ada" }, value: 15 }]);
    await harness.ticks(1);
    expect(await harness.shown("cost_today_USD")).toEqual([{ labels: { user: "ada" }, value: 0 }]);
    await harness.ticks(1, send);
    expect(await harness.shown("cost_today_USD")).toEqual([{ labels: { user: "ada" }, value: 3 }]);
  });

  it("leaves nothing open if one of its ports is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const harness = new GatewayHarness(
      `receivers: { otlp: { grpc: "127.0.0.1:${port}", http: "127.0.0.1:0" } }\n`,
    );
    await expect(harness.gateway.start()).rejects.toThrow(/another program has this port/);
    expect([...harness.gateway.ports.values()]).toEqual([undefined, undefined]);
    other.close();
  });

  it("is ready after its first collection", async () => {
    const harness = new GatewayHarness();
    expect(harness.gateway.notReadyBecause()).toBe("it has not collected yet");
    await harness.ticks(1);
    expect(harness.gateway.notReadyBecause()).toBeUndefined();
  });
});

describe("a gateway whose file is read again", () => {
  it("keeps the history of a series whose view is the same", async () => {
    const harness = new GatewayHarness();
    await harness.ticks(NOT_READY, (tick) => harness.send({ header: { name: "depth" } }, tick));
    harness.content = "method: naive\nhorizons: [1m]\nthresholds: { depth: { above: 100 } }\n";
    await harness.gateway.reload();
    await harness.ticks(1, () => harness.send({ header: { name: "depth" } }, 31));
    expect(await harness.shown("depth_predicted")).toMatchObject([{ value: 31 }]);
  });

  it("learns a series anew whose view has changed", async () => {
    const view = (season: string): string =>
      `method: naive\nhorizons: [1m]\nviews: [{ instrument: depth, number: level${season} }]\n`;
    const harness = new GatewayHarness(view(""));
    await harness.ticks(NOT_READY, (tick) => harness.send({ header: { name: "depth" } }, tick));
    harness.content = view(", season: 1h");
    await harness.gateway.reload();
    await harness.ticks(1, () => harness.send({ header: { name: "depth" } }, 31));
    expect(await harness.shown("depth_predicted")).toEqual([]);
  });

  it("keeps the last valid content when the file is wrong, and says so", async () => {
    const harness = new GatewayHarness();
    harness.content = "views: [{ instrument: depth, number: levle }]";
    await expect(harness.gateway.reload()).rejects.toThrow(/gateway\.yaml:1: .*number/);
    await harness.ticks(NOT_READY, (tick) => harness.send({ header: { name: "depth" } }, tick));
    expect(await harness.shown("depth_predicted")).toHaveLength(1);
    expect(await harness.shown("forecast_gateway_config_last_reload_successful")).toMatchObject([
      { value: 0 },
    ]);
  });

  it("shows the page, and the names on /metrics, as the file says now", async () => {
    const content = "outputs: { prometheus: { address: 127.0.0.1:0 } }\nreceivers: { remoteWrite: {} }\n";
    const harness = new GatewayHarness(content);
    await harness.gateway.start();
    const { url } = harness.gateway.endpoint;
    const accept = "text/plain;version=1.0.0;escaping=allow-utf-8";
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`${url}${path}`, { headers: { accept } });
      return [response.status, await response.text()];
    };
    expect(await get("/")).toEqual([200, expect.stringContaining("forecast")]);
    expect(await get("/metrics")).toEqual([200, expect.stringContaining("\nforecast_gateway_config_")]);
    harness.content = `${content}page: off\ntranslation: none\n`;
    await harness.gateway.reload();
    expect(await get("/")).toEqual([404, expect.not.stringContaining("/live")]);
    expect((await get("/live"))[0]).toBe(404);
    expect(await get("/metrics")).toEqual([200, expect.stringContaining('\n{"forecast.gateway.config_')]);
    harness.content = `${content}page: true\n`;
    await harness.gateway.reload();
    expect((await get("/"))[0]).toBe(200);
    await harness.gateway.shutdown();
  });
});
