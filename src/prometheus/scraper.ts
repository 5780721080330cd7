import type { Resource } from "@opentelemetry/resources";
import type { ResourceMetrics, ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { LoggedOnce } from "../logging/logged-once.ts";
import { collectAll, type MetricSource } from "./collect-all.ts";
import type { DroppedPoints } from "./metric-families.ts";
import { MetricsSerializer } from "./serialize.ts";

export interface ScraperOptions {
  /** Readers first, in the order in which they may say what `target_info` is. */
  readonly readers: () => readonly MetricSource[];
  readonly producers: () => readonly MetricSource[];
  /** What is shown in place of what the readers give; absent: just that. */
  readonly replaced?: (shown: readonly ScopeMetrics[]) => readonly ScopeMetrics[] | undefined;
  /** The most that a scrape waits for its sources. */
  readonly timeoutMillis: number;
  /** Shown as `target_info` where no reader gives a resource. */
  readonly resource: Resource;
}

/** The share of a client's patience that may go into collecting; the rest is for writing and sending. */
const collectShare = 0.8;

/** Makes the text of `/metrics`. Those who ask while a scrape is under way share its text. */
export class Scraper {
  readonly #options: ScraperOptions;
  readonly #said = new LoggedOnce();
  readonly #serializer: MetricsSerializer;
  #current: Promise<readonly Buffer[]> | undefined;

  constructor(options: ScraperOptions) {
    this.#options = options;
    this.#serializer = new MetricsSerializer((dropped) => this.#onDropped(dropped));
  }

  /** `patienceMillis`: how long the one who asks will wait. Rejects when no source has answered. */
  scrape(patienceMillis = Infinity): Promise<readonly Buffer[]> {
    const timeoutMillis = Math.min(this.#options.timeoutMillis, patienceMillis * collectShare);
    this.#current ??= this.#collectAndWrite(timeoutMillis).finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  async #collectAndWrite(timeoutMillis: number): Promise<readonly Buffer[]> {
    const readers = this.#options.readers();
    const sources = [...readers, ...this.#options.producers()];
    const { results, errors } = await collectAll(sources, timeoutMillis);
    for (const error of errors)
      this.#said.about(`error: ${messageOf(error)}`, () =>
        log.error("prometheus endpoint: some metrics are missing", error),
      );
    const answered = results.filter((result): result is ResourceMetrics => result !== undefined);
    if (answered.length === 0 && sources.length > 0) throw new Error("no source of metrics has answered");
    const ofReaders = results.slice(0, readers.length).filter((result) => result !== undefined);
    const resource = ofReaders[0]?.resource ?? this.#options.resource;
    const replaced = this.#options.replaced?.(ofReaders.flatMap(({ scopeMetrics }) => scopeMetrics));
    if (replaced === undefined) return this.#serializer.serialize(answered, resource);
    const ofProducers = answered.filter((result) => !ofReaders.includes(result));
    return this.#serializer.serialize([{ resource, scopeMetrics: [...replaced] }, ...ofProducers], resource);
  }

  /** What the readers show by themselves now. */
  async shownByReaders(): Promise<ScopeMetrics[]> {
    const { results } = await collectAll(this.#options.readers(), this.#options.timeoutMillis);
    return results.flatMap((result) => result?.scopeMetrics ?? []);
  }

  #onDropped({ metric, reason, points }: DroppedPoints): void {
    this.#said.about(`${reason}: ${metric}`, () =>
      log.warn(`prometheus endpoint: ${points} points of ${metric} are left out (${reason})`),
    );
  }
}
