import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A number point in OTLP/JSON: integers are text. */
interface NumberPoint {
  readonly asDouble?: number;
  readonly asInt?: string | number;
  /** Of a histogram. */
  readonly count?: string | number;
}

/** The points of a sum or a histogram, with the temporality of OTLP: 1 is delta, 2 cumulative. */
interface Counted {
  readonly aggregationTemporality?: number;
  readonly dataPoints: readonly NumberPoint[];
}

interface ExportedMetric {
  readonly name: string;
  readonly sum?: Counted;
  readonly histogram?: Counted;
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
}

interface ExportRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: ExportedMetric[] }[];
  }[];
}

/** An OTLP receiver that keeps what it receives, for apps that export `http/json`. */
export interface OtlpSink {
  readonly url: string;
  /** Names of the metrics of all requests so far. */
  names(): Set<string>;
  /** What was received for a counter or histogram: its temporality, and what it counted, in order. */
  counted(name: string): { readonly temporality: number | undefined; readonly count: number }[];
  /** The last number that was received for a metric; `undefined` if none was. */
  last(name: string): number | undefined;
  stop(): Promise<void>;
}

export async function startOtlpSink(): Promise<OtlpSink> {
  const metrics: ExportedMetric[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { resourceMetrics } = JSON.parse(body) as ExportRequest;
    metrics.push(...resourceMetrics.flatMap((it) => it.scopeMetrics).flatMap((it) => it.metrics));
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    names: () => new Set(metrics.map(({ name }) => name)),
    counted: (name) =>
      metrics
        .filter((metric) => metric.name === name)
        .map(({ sum, histogram }) => ({
          temporality: (sum ?? histogram)?.aggregationTemporality,
          count: ((sum ?? histogram)?.dataPoints ?? [])
            .map((point) => Number(point.count ?? point.asDouble ?? point.asInt))
            .reduce((total, count) => total + count, 0),
        })),
    last: (name) => {
      const points = metrics.filter((metric) => metric.name === name).map(lastPoint);
      return points.at(-1);
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function lastPoint({ sum, gauge }: ExportedMetric): number | undefined {
  const point = (sum ?? gauge)?.dataPoints.at(-1);
  return point === undefined ? undefined : Number(point.asDouble ?? point.asInt);
}
