import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect } from "vitest";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { HttpServerObserver } from "../../src/http/http-server-observer.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";
import { eventually } from "../eventually.ts";

export interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
}

/** An observer of the HTTP servers of this process, and what it has measured. */
export class HttpBench {
  readonly observer: HttpServerObserver;
  /** Milliseconds. */
  clock = 5000;
  ownPort: number | undefined;
  readonly #reader = new CollectionReader({ maxAttributeSets: 100 });

  constructor() {
    const meter = new MeterProvider({ readers: [this.#reader] }).getMeter("http");
    this.observer = new HttpServerObserver({
      meters: { http1: () => meter, http2: () => meter },
      elapsedMillis: () => this.clock,
      isOurs: (port) => port === this.ownPort,
    });
  }

  /** What was measured since the last call, once as many requests as that are in. */
  async measured(count: number): Promise<Point[]> {
    const points: Point[] = [];
    await eventually(async () => {
      points.push(...(await this.collected()));
      expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(count);
    });
    return points;
  }

  /** What was measured since the last call. */
  async collected(): Promise<Point[]> {
    return atOnce(measuredMetrics(await this.#reader.collect())).flatMap((metric) => {
      expect(metric).toMatchObject({ name: "http.server.request.duration", unit: "s", kind: "histogram" });
      return metric.points.flatMap(({ labels, value }) =>
        typeof value === "number" ? [] : [{ labels: { ...labels }, count: value.count, sum: value.sum }],
      );
    });
  }
}
