import type { Attributes } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { CollectionResult, InstrumentType, MetricData, MetricReader } from "@opentelemetry/sdk-metrics";
import { Hurry, hurried } from "../core/hurry.ts";
import { withReadableErrors } from "../core/readable-errors.ts";
import { inSlices } from "../core/sliced-collection.ts";
import { eventLoop } from "../system/event-loop.ts";
import { wallMillis } from "../system/wall-clock.ts";
import { DirectCallbacks } from "./observed/direct-callbacks.ts";

/** Tells which attribute sets of an instrument are shown; `undefined`: all are. */
export type ShownOf = (
  scope: string,
  instrument: string,
) => ((attributes: Attributes) => boolean) | undefined;

/** Options of an `EndpointReader`. */
export interface EndpointReaderOptions {
  /** The maximum of attribute sets of one instrument; the SDK puts all others into one series. */
  readonly cardinalityLimit?: number | undefined;
  /** Begins when the monitor shuts down; default never. */
  readonly hurry?: Hurry | undefined;
  /** Tells which attribute sets of an instrument are shown. Default: all are. */
  readonly shownOf?: ShownOf | undefined;
  /** Called when the meter provider shuts its readers down. */
  readonly onShutdown?: () => Promise<void>;
}

/** OpenTelemetry's Prometheus exporter, used as a reader only: without its server and its text. */
export class EndpointReader extends PrometheusExporter {
  readonly #options: EndpointReaderOptions;
  #isBound = false;

  constructor(options: EndpointReaderOptions = {}) {
    super({ preventServerStart: true });
    this.#options = options;
  }

  /** Whether a meter provider has this reader. Before that, it cannot be collected. */
  get isBound(): boolean {
    return this.#isBound;
  }

  override setMetricProducer(producer: Parameters<MetricReader["setMetricProducer"]>[0]): void {
    super.setMetricProducer(
      withReadableErrors(
        hurried(
          inSlices(producer, eventLoop, wallMillis, new DirectCallbacks("all").wayOf),
          this.#options.hurry ?? new Hurry(),
        ),
      ),
    );
  }

  override async collect(options?: Parameters<MetricReader["collect"]>[0]): Promise<CollectionResult> {
    const result = await super.collect(options);
    const { shownOf } = this.#options;
    return shownOf === undefined ? result : withoutHidden(result, shownOf);
  }

  override selectCardinalityLimit(instrumentType: InstrumentType): number {
    return this.#options.cardinalityLimit ?? super.selectCardinalityLimit(instrumentType);
  }

  protected override onInitialized(): void {
    this.#isBound = true;
  }

  override async onShutdown(): Promise<void> {
    await super.onShutdown();
    await this.#options.onShutdown?.();
  }
}

function withoutHidden(result: CollectionResult, shownOf: ShownOf): CollectionResult {
  const { resourceMetrics } = result;
  const scopeMetrics = resourceMetrics.scopeMetrics.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics
      .map((metric) => shownPart(metric, shownOf(scope.name, metric.descriptor.name)))
      .filter(({ dataPoints }) => dataPoints.length > 0),
  }));
  return { ...result, resourceMetrics: { ...resourceMetrics, scopeMetrics } };
}

function shownPart(metric: MetricData, isShown: ReturnType<ShownOf>): MetricData {
  if (isShown === undefined) return metric;
  const points: readonly { readonly attributes: Attributes }[] = metric.dataPoints;
  const shown = points.filter(({ attributes }) => isShown(attributes));
  return shown.length === points.length ? metric : ({ ...metric, dataPoints: shown } as MetricData);
}
