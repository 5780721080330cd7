import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { MetricProducer, PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { OtlpOutput as OtlpSettings } from "../../config/gateway/gateway-settings.ts";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { otlpExporterClass } from "../../otel/export/otlp-exporters.ts";
import { onPartialSuccess } from "../../otel/export/partial-success.ts";
import { isWithin } from "../../storage/is-within.ts";
import { SourceAttributes } from "./source-attributes.ts";

/** The path that OTLP over HTTP adds to an endpoint. */
const METRICS_PATH = "v1/metrics";
/** How long one push goes on, with its retries. */
const TIMEOUT_MILLIS = 10_000;
/** How long it may go on when the gateway ends. */
const GRACE_MILLIS = 1000;

/** What is pushed, and who is told of it. */
export interface OtlpOutputParts {
  readonly producer: MetricProducer;
  /** Describes the gateway. */
  readonly resource: Resource;
  /** Called with the number of points that were not pushed. */
  lost(points: number): void;
}

/**
 * Pushes forecasts by OTLP after each collection. A push that fails is not made up for later: the
 * next one has newer forecasts.
 */
export class OtlpOutput {
  readonly #endpoint: string;
  readonly #exporter: PushMetricExporter;
  readonly #parts: OtlpOutputParts;
  readonly #sources = new SourceAttributes();
  #isPushing = false;
  #hasFailed = false;
  readonly #logged = new LogOnce();

  /** @throws Error if the protocol needs a package that is not installed. */
  constructor({ endpoint, protocol, headers }: OtlpSettings, parts: OtlpOutputParts) {
    const Exporter = otlpExporterClass(protocol);
    const url = protocol === "grpc" ? endpoint : new URL(METRICS_PATH, withSlash(endpoint)).href;
    this.#endpoint = endpoint;
    this.#exporter = new Exporter({ url, headers, timeoutMillis: TIMEOUT_MILLIS });
    onPartialSuccess(this.#exporter, (points, reason) => this.#rejected(points, reason));
    this.#parts = parts;
  }

  /** Pushes what is published now. Never rejects. */
  async push(): Promise<void> {
    const { producer, resource, lost } = this.#parts;
    const { resourceMetrics } = await producer.collect();
    const points = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .reduce((count, { dataPoints }) => count + dataPoints.length, 0);
    if (this.#isPushing) return lost(points);
    this.#isPushing = true;
    const { code, error } = await this.#export({ ...this.#sources.renamed(resourceMetrics), resource });
    this.#isPushing = false;
    if (code !== ExportResultCode.SUCCESS) lost(points);
    this.#tell(code === ExportResultCode.SUCCESS ? undefined : error);
  }

  /** Waits for a push that goes on, but not long: it may try again and again. */
  async shutdown(): Promise<void> {
    await isWithin(GRACE_MILLIS, this.#exporter.shutdown());
  }

  #export(metrics: Parameters<PushMetricExporter["export"]>[0]): Promise<ExportResult> {
    return new Promise((resolve) => {
      try {
        this.#exporter.export(metrics, resolve);
      } catch (error) {
        resolve({ code: ExportResultCode.FAILED, error: error as Error });
      }
    });
  }

  #rejected(points: number, reason: string): void {
    this.#parts.lost(points);
    this.#logged.log("rejected", () =>
      log.warn(
        `${this.#endpoint} rejected ${points} points of a push: ${reason}. Later ones are only counted.`,
      ),
    );
  }

  /** Logs the first failure, and the first success after it. */
  #tell(error: Error | undefined): void {
    const fails = error !== undefined;
    if (fails === this.#hasFailed) return;
    this.#hasFailed = fails;
    if (fails) log.error(`forecasts can't be pushed to ${this.#endpoint}: ${messageOf(error)}`);
    else log.info(`forecasts are pushed to ${this.#endpoint} again`);
  }
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
