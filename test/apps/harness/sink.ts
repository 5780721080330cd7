import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** Receives what an app exports, by any protocol, and counts words in it. */
export interface Sink {
  readonly port: number;
  /** How often a text occurs in everything that was pushed so far. */
  count(text: string): number;
  /** The last value of a sum that was received as OTLP/JSON. */
  lastSum(metric: string): number | undefined;
  close(): Promise<void>;
}

interface Pushed {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly { asInt?: string | number; asDouble?: number }[] };
      }[];
    }[];
  }[];
}

export async function startSink(): Promise<Sink> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await textOf(request));
    const type = request.headers["content-type"] ?? "application/json";
    // An empty protobuf message has no bytes.
    response.setHeader("content-type", type).end(type.includes("json") ? "{}" : "");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    count: (text) => bodies.reduce((sum, body) => sum + body.split(text).length - 1, 0),
    lastSum: (metric) => bodies.flatMap((body) => sumsIn(body, metric)).at(-1),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const body = await buffer(request);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("latin1");
}

function sumsIn(body: string, metric: string): number[] {
  if (!body.startsWith("{")) return [];
  let pushed: Pushed;
  try {
    pushed = JSON.parse(body);
  } catch {
    return [];
  }
  const metrics = (pushed.resourceMetrics ?? []).flatMap((it) => it.scopeMetrics).flatMap((it) => it.metrics);
  return metrics
    .filter(({ name }) => name === metric)
    .flatMap(({ sum }) => sum?.dataPoints ?? [])
    .map(({ asInt, asDouble }) => Number(asInt ?? asDouble));
}
