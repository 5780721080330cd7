import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { emptyResource } from "@opentelemetry/resources";
import { afterEach, describe, expect, it } from "vitest";
import { OtlpOutput } from "../../../src/gateway/outputs/otlp-output.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";
import { warnings } from "../../harness/warnings.ts";

interface Point {
  readonly attributes: { readonly key: string; readonly value: { readonly stringValue: string } }[];
}

interface Received {
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly body: {
    resourceMetrics: { scopeMetrics: { metrics: { name: string; gauge: { dataPoints: Point[] } }[] }[] }[];
  };
}

let server: Server;

/** A receiver that answers with this status, and what it has received. */
async function receiver(
  status: number,
  answer: unknown = {},
): Promise<{ endpoint: string; received: Received[] }> {
  const received: Received[] = [];
  server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    received.push({
      path: request.url,
      key: request.headers["x-key"] as string | undefined,
      body: JSON.parse(Buffer.concat(pieces).toString()),
    });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const METRIC = { name: "queue_size_predicted", unit: "", description: "", type: "gauge" } as const;

function output(endpoint: string): { output: OtlpOutput; producer: ForecastProducer; lost: number[] } {
  const producer = new ForecastProducer(Date.now);
  for (const horizon of ["5m", "1h"]) producer.series(METRIC, { horizon }).put(7);
  const lost: number[] = [];
  const settings = { endpoint, protocol: "http/json", headers: { "x-key": "k" } } as const;
  const parts = { producer, resource: emptyResource(), lost: (points: number) => lost.push(points) };
  return { output: new OtlpOutput(settings, parts), producer, lost };
}

function attributesOf({ attributes }: Point): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}

const warned = warnings();

afterEach(() => {
  server.close();
});

describe("an output by OTLP", () => {
  it("pushes what is published, to the path of metrics and with the headers", async () => {
    const { endpoint, received } = await receiver(200);
    const { output: tested, lost } = output(endpoint);
    await tested.push();
    await tested.shutdown();
    expect(received).toMatchObject([{ path: "/v1/metrics", key: "k" }]);
    const [metric] = received[0]?.body.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
    expect(metric).toMatchObject({ name: "queue_size_predicted", gauge: { dataPoints: [{}, {}] } });
    expect(lost).toEqual([]);
  });

  it.each([
    ["", "/v1/metrics"],
    ["/", "/v1/metrics"],
    ["/otlp", "/otlp/v1/metrics"],
    ["/otlp/", "/otlp/v1/metrics"],
  ])("pushes to an endpoint of the path %j at %s", async (path, expected) => {
    const { endpoint, received } = await receiver(200);
    const { output: tested } = output(`${endpoint}${path}`);
    await tested.push();
    await tested.shutdown();
    expect(received).toMatchObject([{ path: expected }]);
  });

  it("names the source of a forecast as OpenTelemetry does, so that it is not taken for the gateway", async () => {
    const { endpoint, received } = await receiver(200);
    const { output: tested, producer } = output(endpoint);
    producer.series(METRIC, { job: "shop/cart", instance: "i-1", queue: "mail" }).put(1);
    producer.series(METRIC, { job: "shop", "service.name": "its own" }).put(1);
    producer.series(METRIC, { job: "/", instance: "i-1" }).put(1);
    await tested.push();
    await tested.push();
    await tested.shutdown();
    for (const { body } of received) {
      const points = body.resourceMetrics[0]?.scopeMetrics[0]?.metrics[0]?.gauge.dataPoints ?? [];
      expect(points.map(attributesOf)).toEqual([
        { horizon: "5m" },
        { horizon: "1h" },
        { "service.namespace": "shop", "service.name": "cart", "service.instance.id": "i-1", queue: "mail" },
        { "service.name": "its own" },
        { "service.name": "/", "service.instance.id": "i-1" },
      ]);
    }
  });

  it("counts what a receiver has refused, and goes on", async () => {
    const { endpoint, received } = await receiver(400);
    const { output: tested, lost } = output(endpoint);
    await tested.push();
    await tested.push();
    await tested.shutdown();
    expect(received).toHaveLength(2);
    expect(lost).toEqual([2, 2]);
  });

  it("counts the points that a receiver rejects of a push that it takes, and logs the first", async () => {
    const partialSuccess = { rejectedDataPoints: "1", errorMessage: "too new" };
    const { endpoint } = await receiver(200, { partialSuccess });
    const { output: tested, lost } = output(endpoint);
    await tested.push();
    await tested.push();
    await tested.shutdown();
    expect(lost).toEqual([1, 1]);
    expect(warned).toEqual([
      `otel-forecast: ${endpoint} rejected 1 points of a push: too new. Later ones are only counted.`,
    ]);
  });

  it("does not wait for a receiver that answers nothing when it ends", async () => {
    server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { output: tested } = output(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const asked = once(server, "request");
    void tested.push();
    await asked;
    const began = performance.now();
    await tested.shutdown();
    expect(performance.now() - began).toBeLessThan(2000);
    server.closeAllConnections();
  });

  it("leaves out a push while the one before it goes on", async () => {
    const { endpoint, received } = await receiver(200);
    const { output: tested, lost } = output(endpoint);
    await Promise.all([tested.push(), tested.push()]);
    await tested.shutdown();
    expect(received).toHaveLength(1);
    expect(lost).toEqual([2]);
  });
});
