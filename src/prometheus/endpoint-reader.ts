import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { InstrumentType, MetricReader } from "@opentelemetry/sdk-metrics";
import { Hurry, hurried } from "../core/hurry.ts";
import { withReadableErrors } from "../core/readable-errors.ts";

/** Options of an `EndpointReader`. */
export interface EndpointReaderOptions {
  /** The maximum of attribute sets of one instrument; the SDK puts all others into one series. */
  readonly cardinalityLimit?: number | undefined;
  /** Begins when the monitor shuts down; default never. */
  readonly hurry?: Hurry | undefined;
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
    super.setMetricProducer(withReadableErrors(hurried(producer, this.#options.hurry ?? new Hurry())));
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
