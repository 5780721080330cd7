import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { SELF_SCOPE } from "../otel/scopes.ts";
import { ForecastPipeline } from "../run/forecast-pipeline.ts";
import type { KafkaReceiver } from "./kafka/kafka-receiver.ts";
import { ForecastPaths } from "./outputs/forecast-paths.ts";
import { OtlpOutput } from "./outputs/otlp-output.ts";
import { RemoteWriteOutput } from "./outputs/remote-write.ts";
import type { Configured } from "./read-configured.ts";
import type { SavedForecasts } from "./saved-forecasts.ts";
import type { GatewayCounts, GatewayState } from "./self-observation.ts";
import { GatewayPast } from "./sources/gateway-past.ts";
import { PulledSources } from "./sources/pulled-sources.ts";
import type { StreamTable } from "./streams/stream-table.ts";
import { takeOver } from "./take-over.ts";

/** What the forecasts of a gateway are made of, whatever its configuration is. */
export interface ForecastingParts {
  readonly surroundings: Surroundings;
  readonly streams: StreamTable;
  readonly counts: GatewayCounts;
  readonly state: GatewayState;
  /** Where what is learnt is kept; `undefined`: in memory. */
  readonly saved: SavedForecasts | undefined;
  /** What is read from Kafka; `undefined`: nothing. */
  readonly kafka: Pick<KafkaReceiver, "beforeCollection" | "afterCollection"> | undefined;
  /** Called after each collection. */
  onForecasts(): void;
}

/** Hands forecasts on after each collection. */
interface Output {
  /** Never rejects. */
  push(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The forecasts of a gateway under one configuration. Another configuration needs another one. */
export class Forecasting {
  readonly pipeline: ForecastPipeline;
  readonly #outputs: readonly Output[];
  readonly #sources: PulledSources;
  readonly #past: GatewayPast;

  /** @throws Error if an output needs a package that is not installed. */
  constructor({ options, settings }: Configured, parts: ForecastingParts) {
    this.pipeline = new ForecastPipeline(options, parts.surroundings, {
      // What a gateway forecasts is not about itself.
      measuresProcess: false,
      // A sender that has stopped has no level: what it said last is not true for long.
      keepsLevels: false,
    });
    this.pipeline.readers.addSource(parts.streams);
    this.pipeline.onMoment = (moment) => parts.streams.follow(moment);
    this.#sources = new PulledSources(settings.sources, {
      intake: parts.streams.intakeFor(),
      intervalMillis: options.collectionIntervalMillis,
      counts: parts.counts,
    });
    this.#past = new GatewayPast(settings.sources, options, {
      engine: this.pipeline.engine,
      clock: this.pipeline.clock,
      surroundings: parts.surroundings,
      // The forecasts of the start do not wait for the next interval.
      onRestored: () => void this.pipeline.collect(),
    });
    this.pipeline.newSeries = this.#past;
    this.#outputs = this.#outputsOf(settings, parts);
    const { saved, kafka } = parts;
    this.pipeline.beforeCollection = async () => {
      await saved?.beforeCollection(this.pipeline);
      await kafka?.beforeCollection();
    };
    this.pipeline.onForecasts(() => {
      kafka?.afterCollection();
      saved?.afterCollection(this.pipeline);
      parts.onForecasts();
      for (const output of this.#outputs) void output.push();
    });
    parts.counts.publish(this.pipeline.instruments.provider.getMeter(SELF_SCOPE), parts.state);
  }

  /**
   * How long ago the series was forecast whose last forecast is the oldest; `undefined` without
   * series.
   */
  get oldestForecastAgeSeconds(): number | undefined {
    const { engine, clock } = this.pipeline;
    const oldest = engine.oldestForecastAt;
    return oldest === undefined ? undefined : Math.max(0, (clock.now() - oldest) / 1000);
  }

  /** Why there are no forecasts yet; `undefined`: there are, as far as there can be. */
  get notReadyBecause(): string | undefined {
    return this.#sources.notReadyBecause ?? this.#past.notReadyBecause;
  }

  /** How many series wait for their past. */
  get backfillPending(): number {
    return this.#past.pending;
  }

  start(): void {
    // What is pulled first does not wait for the next collection interval.
    this.#sources.start(() => void this.pipeline.collect());
    this.pipeline.start();
  }

  #outputsOf({ outputs }: GatewaySettings, { surroundings, counts }: ForecastingParts): Output[] {
    const { producer, engine } = this.pipeline;
    const { resource } = surroundings;
    const lost = (points: number): void => counts.dropped("output_failed", points);
    const pushing = outputs.otlp.map((output) => new OtlpOutput(output, { producer, resource, lost }));
    if (outputs.remoteWrite.length === 0) return pushing;
    const writing = new RemoteWriteOutput({
      targets: outputs.remoteWrite.map(({ url, headers, futureMillis }) => ({
        url,
        headers,
        future: futureMillis,
      })),
      producer,
      paths: new ForecastPaths(() => engine.forecasters),
      observer: { sent: () => {}, dropped: (_, samples) => lost(samples) },
    });
    return [...pushing, writing];
  }

  /** Goes on where another one, which has ended, was. Call it before `start`. */
  async goOnAfter(ended: Forecasting): Promise<void> {
    await takeOver(ended.pipeline, this.pipeline);
  }

  async stop(): Promise<void> {
    await this.#sources.stop();
    await this.pipeline.stopCollecting({ samples: false });
    await Promise.allSettled(this.#outputs.map((output) => output.shutdown()));
  }
}
