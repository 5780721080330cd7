import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, type MetricProducer } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PrometheusEndpointOptions } from "../../src/prometheus/endpoint-options.ts";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { until } from "../eventually.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";
import { parseTextFormat } from "./text-format.ts";

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const cleanups: (() => unknown)[] = [];
const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  diag.disable();
});

async function started(options: PrometheusEndpointOptions = {}): Promise<PrometheusEndpoint> {
  const endpoint = new PrometheusEndpoint({ port: 0, ...options });
  cleanups.push(() => endpoint.shutdown());
  await endpoint.start();
  return endpoint;
}

/** A plain client: it decompresses nothing and does not normalise paths. */
function ask(endpoint: PrometheusEndpoint, path: string, method = "GET", headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: endpoint.port, path, method, headers, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    request.on("error", reject);
    request.end();
  });
}

async function samplesOf(endpoint: PrometheusEndpoint, name: string, headers = {}): Promise<unknown> {
  return (await scraped(endpoint, headers))[name];
}

/** The samples of one scrape, by the name of their family. */
async function scraped(endpoint: PrometheusEndpoint, headers = {}): Promise<Record<string, unknown>> {
  const { body } = await ask(endpoint, "/metrics", "GET", headers);
  const families = parseTextFormat(body.toString()).values();
  return Object.fromEntries(
    Array.from(families, ({ name, samples }) => [
      name,
      samples.map(({ labels, value }) => [{ ...labels }, value]),
    ]),
  );
}

function producerOf(name: string, value: number): MetricProducer {
  return {
    collect: async () => ({
      resourceMetrics: resourceMetrics({ "otel-forecast": [gauge(name, [{}, value])] }),
      errors: [],
    }),
  };
}

/** An endpoint with a callback that answers when it is released, and another one. */
async function withSlowCallback(): Promise<{ endpoint: PrometheusEndpoint; release: () => void }> {
  const endpoint = await started();
  const released = Promise.withResolvers<void>();
  const meter = new MeterProvider({ readers: [endpoint.reader] }).getMeter("app");
  meter.createObservableGauge("slow").addCallback(async (result) => {
    await released.promise;
    result.observe(1);
  });
  return { endpoint, release: released.resolve };
}

describe("/metrics", () => {
  it("shows what instruments recorded, and the resource", async () => {
    const endpoint = await started();
    const resource = resourceFromAttributes({ "service.name": "shop" });
    const provider = new MeterProvider({ readers: [endpoint.reader], resource });
    provider.getMeter("app").createCounter("orders", { unit: "{order}" }).add(2, { kind: "book" });
    expect(await samplesOf(endpoint, "orders_total")).toEqual([[{ kind: "book" }, 2]]);
    expect(await samplesOf(endpoint, "target_info")).toEqual([[{ service_name: "shop" }, 1]]);
  });

  it("is text format 0.0.4 in UTF-8, with its length", async () => {
    const endpoint = await started({ metricProducers: [producerOf("g", 1)] });
    const { status, headers, body } = await ask(endpoint, "/metrics?name[]=g");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(headers["content-length"]).toBe(String(body.length));
    expect(headers["content-encoding"]).toBeUndefined();
  });

  it.each([
    [
      "application/openmetrics-text",
      "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
    ],
    [
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores",
    ],
    ["text/html", "text/plain; version=0.0.4; charset=utf-8"],
  ])("for a client that accepts %s is %s", async (accept, type) => {
    const endpoint = await started({ metricProducers: [producerOf("g", 1)] });
    for (const method of ["GET", "HEAD"])
      expect((await ask(endpoint, "/metrics", method, { accept })).headers["content-type"]).toBe(type);
  });

  it("is text where OpenMetrics would take the type from a counter, unless text is not accepted", async () => {
    const endpoint = new PrometheusEndpoint({ port: 0 });
    cleanups.push(() => endpoint.shutdown());
    const provider = new MeterProvider({ readers: [endpoint.reader] });
    await endpoint.start();
    const meter = provider.getMeter("app");
    meter.createCounter("jobs").add(1);
    const strict = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7";
    const typeFor = async (accept: string): Promise<string | undefined> =>
      (await ask(endpoint, "/metrics", "GET", { accept })).headers["content-type"]?.split(";")[0];
    expect(await typeFor(`${strict},text/plain;q=0.1`)).toBe("application/openmetrics-text");
    meter.createGauge("jobs").record(1);
    expect(await typeFor(`${strict},text/plain;q=0.1`)).toBe("text/plain");
    expect(await typeFor(strict)).toBe("application/openmetrics-text");
  });

  it("is compressed for clients that accept gzip", async () => {
    const endpoint = await started({ metricProducers: [producerOf("g", 1)] });
    const plain = await ask(endpoint, "/metrics", "GET", { "accept-encoding": "gzip;q=0" });
    const zipped = await ask(endpoint, "/metrics", "GET", { "accept-encoding": "gzip" });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(zipped.headers.vary).toBe("accept, accept-encoding");
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
  });

  it("has headers and no body for HEAD", async () => {
    const endpoint = await started({ metricProducers: [producerOf("g", 1)] });
    const { status, headers, body } = await ask(endpoint, "/metrics", "HEAD");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(body).toHaveLength(0);
  });

  it("shows producers without a meter provider, also those added later", async () => {
    const endpoint = await started({ metricProducers: [producerOf("one", 1)] });
    endpoint.addProducer(producerOf("two", 2));
    expect(await samplesOf(endpoint, "one")).toEqual([[{}, 1]]);
    expect(await samplesOf(endpoint, "two")).toEqual([[{}, 2]]);
  });

  it("can be bound to a meter provider after it was scraped", async () => {
    const endpoint = await started({ metricProducers: [producerOf("one", 1)] });
    await ask(endpoint, "/metrics");
    const provider = new MeterProvider({ readers: [endpoint.reader] });
    provider.getMeter("app").createGauge("two").record(2);
    expect(await samplesOf(endpoint, "two")).toEqual([[{}, 2]]);
    expect(await samplesOf(endpoint, "one")).toEqual([[{}, 1]]);
  });

  it("shows the metrics of further readers", async () => {
    const endpoint = await started();
    const ours = new MeterProvider({ readers: [endpoint.reader] });
    const other = new PrometheusEndpoint({ port: 0 });
    const theirs = new MeterProvider({ readers: [other.reader] });
    endpoint.addReader(other.reader);
    ours.getMeter("a").createGauge("ours").record(1);
    theirs.getMeter("b").createGauge("theirs").record(2);
    expect(await samplesOf(endpoint, "ours")).toEqual([[{}, 1]]);
    expect(await samplesOf(endpoint, "theirs")).toEqual([[{}, 2]]);
  });

  it("gives what its readers show, without the producers", async () => {
    const endpoint = await started({ metricProducers: [producerOf("produced", 1)] });
    const provider = new MeterProvider({ readers: [endpoint.reader] });
    provider.getMeter("app").createCounter("orders").add(2);
    const shown = (await endpoint.shownByReaders()).flatMap(({ metrics }) => metrics);
    expect(shown).toMatchObject([{ descriptor: { name: "orders" }, dataPoints: [{ value: 2 }] }]);
  });

  it("shows as many attribute sets as its limit allows", async () => {
    const endpoint = await started({ cardinalityLimit: 3000 });
    const gauges = new MeterProvider({ readers: [endpoint.reader] }).getMeter("app").createGauge("g");
    for (let i = 0; i < 2500; i += 1) gauges.record(i, { i });
    expect(await samplesOf(endpoint, "g")).toHaveLength(2500);
  });

  it("collects once for all clients that ask at the same time", async () => {
    const collect = vi.fn(producerOf("g", 1).collect);
    const endpoint = await started({ metricProducers: [{ collect }] });
    let letGo = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    collect.mockImplementation(async () => {
      await gate;
      return producerOf("g", 1).collect();
    });
    const asked = [1, 2, 3].map(() => ask(endpoint, "/metrics"));
    const health = await Promise.all([1, 2, 3].map(() => ask(endpoint, "/health")));
    expect(health.map(({ status }) => status)).toEqual([200, 200, 200]);
    letGo();
    const answers = await Promise.all(asked);
    expect(collect).toHaveBeenCalledTimes(1);
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
    await ask(endpoint, "/metrics");
    expect(collect).toHaveBeenCalledTimes(2);
  });
});

describe("a source that fails", () => {
  it("loses only its own metrics if its callback hangs, and is logged once", async () => {
    const endpoint = await started({
      // A busy machine has a tenth of it to collect the rest.
      collectTimeoutMillis: 1000,
      metricProducers: [producerOf("produced", 3)],
    });
    const meter = new MeterProvider({ readers: [endpoint.reader] }).getMeter("app");
    meter.createGauge("fine").record(1);
    meter.createObservableGauge("hung").addCallback(() => new Promise(() => {}));
    meter.createObservableGauge("broken").addCallback(() => {
      throw new RangeError("broken callback");
    });
    meter.createObservableGauge("observed").addCallback((result) => result.observe(2));
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const { fine, observed, produced, hung } = await scraped(endpoint);
      expect({ fine, observed, produced, hung }).toEqual({
        fine: [[{}, 1]],
        observed: [[{}, 2]],
        produced: [[{}, 3]],
        hung: undefined,
      });
    }
    const said = logger.error.mock.calls.map(([message]) => message).sort();
    expect(said).toEqual([
      "otel-forecast: prometheus endpoint: some metrics are missing: RangeError",
      "otel-forecast: prometheus endpoint: some metrics are missing: TimeoutError",
    ]);
  });

  it("delays a scrape no longer than Prometheus waits", async () => {
    const collect = vi.fn(producerOf("g", 1).collect);
    const endpoint = await started({ metricProducers: [{ collect }] });
    await samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "0.5" });
    await samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "4.2" });
    await samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "4.9" });
    await samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "60" });
    await samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "nonsense" });
    // 80 % of the whole seconds.
    expect(collect.mock.calls.flat()).toMatchObject(
      [800, 3200, 3200, 5000, 5000].map((timeoutMillis) => ({ timeoutMillis })),
    );
  });

  it("is not spoiled by a client that has less patience", async () => {
    const { endpoint, release } = await withSlowCallback();
    const impatient = samplesOf(endpoint, "slow", { "x-prometheus-scrape-timeout-seconds": "0.001" });
    const patient = samplesOf(endpoint, "slow", { "x-prometheus-scrape-timeout-seconds": "60" });
    expect(await impatient).toBeUndefined();
    release();
    expect(await patient).toEqual([[{}, 1]]);
  });

  it("does not keep a client longer than it waits, beside one that waits longer", async () => {
    const { endpoint, release } = await withSlowCallback();
    const patient = samplesOf(endpoint, "slow", { "x-prometheus-scrape-timeout-seconds": "60" });
    expect(await samplesOf(endpoint, "slow", { "x-prometheus-scrape-timeout-seconds": "1" })).toBeUndefined();
    release();
    expect(await patient).toEqual([[{}, 1]]);
  });

  it("is shared by clients with the same patience", async () => {
    const released = Promise.withResolvers<void>();
    const { collect: collected } = producerOf("g", 1);
    const collect = vi.fn(async () => {
      await released.promise;
      return collected();
    });
    const endpoint = await started({ metricProducers: [{ collect }] });
    const first = samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "10" });
    await until(() => collect.mock.calls.length > 0);
    const second = samplesOf(endpoint, "g", { "x-prometheus-scrape-timeout-seconds": "60" });
    await ask(endpoint, "/health");
    released.resolve();
    expect(await Promise.all([first, second])).toEqual([[[{}, 1]], [[{}, 1]]]);
    expect(collect).toHaveBeenCalledTimes(1);
  });

  it("answers 500 if there is no other source", async () => {
    const endpoint = await started({ metricProducers: [{ collect: () => Promise.reject(new Error("no")) }] });
    const { status, headers, body } = await ask(endpoint, "/metrics", "GET", { "accept-encoding": "gzip" });
    expect(status).toBe(500);
    expect(headers["content-encoding"]).toBeUndefined();
    expect(body.toString()).toBe("No metrics: no source of metrics has answered\n");
  });

  it("is logged once if a metric cannot be shown", async () => {
    const endpoint = await started();
    const meter = new MeterProvider({ readers: [endpoint.reader] }).getMeter("app");
    meter.createGauge("x").record(1, { "a.b": "1" });
    meter.createGauge("x").record(1, { a_b: "1" });
    await ask(endpoint, "/metrics");
    await ask(endpoint, "/metrics");
    expect(logger.warn.mock.calls).toEqual([
      ["otel-forecast: prometheus endpoint: dropped 1 points of x (duplicate-series)"],
    ]);
  });
});

describe("/health", () => {
  it("answers 200 while healthy and otherwise 503, with the report as JSON", async () => {
    let healthy = true;
    const endpoint = await started({ health: () => ({ healthy, series: 7 }) });
    const good = await ask(endpoint, "/health");
    expect([good.status, good.headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(JSON.parse(good.body.toString())).toEqual({ healthy: true, series: 7 });
    healthy = false;
    const bad = await ask(endpoint, "/health");
    expect([bad.status, JSON.parse(bad.body.toString())]).toEqual([503, { healthy: false, series: 7 }]);
    expect((await ask(endpoint, "/health", "HEAD")).status).toBe(503);
  });

  it("answers 503 if the health report throws", async () => {
    const endpoint = await started({
      health: () => {
        throw new Error("who knows");
      },
    });
    const { status, body } = await ask(endpoint, "/health");
    expect([status, JSON.parse(body.toString())]).toEqual([503, { healthy: false, error: "who knows" }]);
  });
});

describe("other requests", () => {
  it.each(["/", "/metrics/", "/metric", "/health/x", "//metrics", "//evil/metrics"])(
    "get 404 for %s",
    async (path) => {
      expect((await ask(await started(), path)).status).toBe(404);
    },
  );

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])(
    "get 405 for %s, and are told what is allowed",
    async (method) => {
      const endpoint = await started();
      for (const path of ["/metrics", "/health"]) {
        const { status, headers } = await ask(endpoint, path, method);
        expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
      }
    },
  );

  it.each(["//", "http://[", "//:80:80/metrics"])("get 400 for the malformed %s", async (path) => {
    expect((await ask(await started(), path)).status).toBe(400);
  });
});

describe("construction", () => {
  it.each<[PrometheusEndpointOptions, string]>([
    [{ port: -1 }, "PrometheusEndpoint: port is -1, expected a whole number from 0 to 65535"],
    [{ port: 70_000 }, "PrometheusEndpoint: port is 70000"],
    [{ port: Number.NaN }, "PrometheusEndpoint: port is NaN"],
    [{ host: "" }, "PrometheusEndpoint: host is , expected the name or address"],
    [{ collectTimeoutMillis: 0 }, "PrometheusEndpoint: collectTimeoutMillis is 0, expected more than 0 ms"],
    [{ retryMillis: Number.NaN }, "PrometheusEndpoint: retryMillis is NaN"],
  ])("with %j throws and names the option", (options, message) => {
    expect(() => new PrometheusEndpoint(options)).toThrow(message);
  });

  it("has a URL before it listens", () => {
    expect(new PrometheusEndpoint().url).toBe("http://localhost:9464");
    expect(new PrometheusEndpoint({ host: "::1", port: 1 }).url).toBe("http://[::1]:1");
    expect(new PrometheusEndpoint({ host: "0.0.0.0", port: 2 }).url).toBe("http://localhost:2");
  });

  it("has the port that it got", async () => {
    const endpoint = await started({ host: "127.0.0.1" });
    expect(endpoint.port).toBeGreaterThan(0);
    expect((await fetch(`${endpoint.url}/health`)).status).toBe(200);
  });
});

describe("shutdown", () => {
  it("happens if the meter provider shuts down", async () => {
    const endpoint = await started();
    const provider = new MeterProvider({ readers: [endpoint.reader] });
    await provider.shutdown();
    await expect(ask(endpoint, "/health")).rejects.toThrow("ECONNREFUSED");
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("does not shut down the meter provider", async () => {
    const endpoint = await started();
    const provider = new MeterProvider({ readers: [endpoint.reader] });
    await endpoint.shutdown();
    provider.getMeter("app").createGauge("g").record(1);
    expect((await endpoint.reader.collect()).resourceMetrics.scopeMetrics).toHaveLength(1);
    await provider.shutdown();
    expect(logger.error).not.toHaveBeenCalled();
  });
});
