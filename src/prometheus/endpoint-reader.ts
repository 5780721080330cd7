import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { InstrumentType, MetricReader } from "@opentelemetry/sdk-metrics";
import { withReadableErrors } from "../core/readable-errors.ts";

export interface EndpointReaderOptions {
  /** Attribute sets that one instrument may have; the SDK puts what goes beyond into one series. */
  readonly cardinalityLimit?: number | undefined;
  /** Called when the meter provider shuts its readers down. */
  readonly onShutdown?: () => Promise<void>;
}

/** OpenTelemetry's Prometheus exporter as a reader only: its own server, name and label rules are not used. */
export class EndpointReader extends PrometheusExporter {
  readonly #options: EndpointReaderOptions;
  #isBound = false;

  constructor(options: EndpointReaderOptions = {}) {
    super({ preventServerStart: true });
    this.#options = options;
  }

  /** Whether a meter provider has taken this reader. Until then there is nothing to collect from it. */
  get isBound(): boolean {
    return this.#isBound;
  }

  override setMetricProducer(producer: Parameters<MetricReader["setMetricProducer"]>[0]): void {
    super.setMetricProducer(withReadableErrors(producer));
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
