import type { Resource } from "@opentelemetry/resources";
import type { ResourceMetrics, ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { kindOfError } from "../core/error-type.ts";
import { YieldingRunner } from "../core/yielding-runner.ts";
import { log } from "../logging/component-logger.ts";
import { LogOnce } from "../logging/log-once.ts";
import { eventLoop } from "../system/event-loop.ts";
import { collectAll, type MetricSource } from "./collect-all.ts";
import { clashesInOpenMetrics } from "./formats/openmetrics-names.ts";
import type { AcceptedFormat, MetricsPage } from "./formats/page-format.ts";
import { type DroppedPoints, groupIntoFamilies } from "./metric-families.ts";
import type { AskedPage } from "./metrics-route.ts";
import { type Naming, namingFor } from "./names/naming.ts";
import { DEFAULT_TRANSLATION, type Translation } from "./names/translation.ts";
import { type SeriesTest, selectedPoints } from "./selected-points.ts";
import { MetricsSerializer } from "./serialize.ts";

/** The sources of a scrape, and its limits. */
export interface ScraperOptions {
  /** The first reader that answers decides on `target_info`. */
  readonly readers: () => readonly MetricSource[];
  readonly producers: () => readonly MetricSource[];
  /** Replaces the metrics of the readers; absent or `undefined`: nothing is replaced. */
  readonly replaced?: (shown: readonly ScopeMetrics[]) => readonly ScopeMetrics[] | undefined;
  /** The longest time that a scrape waits for its sources. */
  readonly timeoutMillis: number;
  /** The maximum size of a page; default 10 MB. */
  readonly maxPageBytes?: number | undefined;
  /** Whether native histograms have their classic buckets too; default `true`. */
  readonly classicBuckets?: boolean | undefined;
  /** How names are translated. */
  readonly translation?: (() => Translation) | undefined;
  /** Receives the number of points that found no room on a page. */
  readonly onPageFull?: ((points: number, metric: string) => void) | undefined;
  /** Shown as `target_info` if no reader has a resource. */
  readonly resource: Resource;
}

const TEXT: AskedPage = { best: { format: "text", escaping: "underscores" } };

/** The share of a client's waiting time for collecting. The rest is for writing and sending. */
const COLLECT_SHARE = 0.8;

/** The shortest patience. Otherwise a client could ask for a scrape without callbacks. */
const LEAST_PATIENCE_MILLIS = 1000;

/**
 * Makes the page of `/metrics`. Clients that ask during a scrape share its page if they want the same
 * format and wait for the same time: a scrape that waits less lacks metrics, and a scrape that waits more is too late.
 */
export class Scraper {
  readonly #options: ScraperOptions;
  readonly #logged = new LogOnce();
  readonly #serializer: MetricsSerializer;
  /** The scrapes under way, by their format and by how long they wait for their sources. */
  readonly #current = new Map<string, Promise<MetricsPage>>();
  /**
   * What readers showed last, where several processes are added up: a sum that lacks a part for a while
   * looks like a restart, and Prometheus would count all of it again.
   */
  readonly #remembered = new WeakMap<MetricSource, ResourceMetrics>();
  #lastText: Promise<unknown> = Promise.resolve();

  constructor(options: ScraperOptions) {
    this.#options = options;
    this.#serializer = this.#newSerializer();
  }

  /** Rejects if no source has answered. */
  scrape(asked: AskedPage = TEXT): Promise<MetricsPage> {
    const timeoutMillis = this.#patience(asked.clientTimeoutMillis);
    const key = JSON.stringify([asked.best, asked.text, timeoutMillis]);
    const shared = this.#current.get(key);
    if (shared !== undefined) return shared;
    const scrape = this.#collectAndWrite(timeoutMillis, (metrics, resource) =>
      this.#write(metrics, resource, asked),
    ).finally(() => this.#current.delete(key));
    this.#current.set(key, scrape);
    return scrape;
  }

  /**
   * A page of the series that a test selects, without `target_info`. It is made anew for each client,
   * so that pages of parts are never shared by mistake.
   */
  scrapePart(selects: SeriesTest, asked: AskedPage = TEXT): Promise<MetricsPage> {
    const serializer = this.#newSerializer();
    return this.#collectAndWrite(this.#patience(asked.clientTimeoutMillis), async (metrics) => {
      const naming = this.#namingFor(asked.best);
      const selected = await new YieldingRunner(eventLoop).run(selectedPoints(metrics, selects, naming));
      return this.#page(serializer, selected, undefined, asked);
    });
  }

  #newSerializer(): MetricsSerializer {
    const { maxPageBytes, classicBuckets } = this.#options;
    return new MetricsSerializer((dropped) => this.#onDropped(dropped), maxPageBytes, classicBuckets);
  }

  async #collectAndWrite(
    timeoutMillis: number,
    write: (metrics: readonly ResourceMetrics[], resource: Resource) => Promise<MetricsPage>,
  ): Promise<MetricsPage> {
    const readers = this.#options.readers();
    const sources = [...readers, ...this.#options.producers()];
    const { results, errors } = await collectAll(sources, timeoutMillis);
    for (const error of errors)
      this.#logged.log(`error: ${kindOfError(error)}`, () => {
        log.error(`prometheus endpoint: some metrics are missing: ${kindOfError(error)}`);
        log.debug("prometheus endpoint: some metrics are missing", error);
      });
    const answered = results.filter((result): result is ResourceMetrics => result !== undefined);
    if (answered.length === 0 && sources.length > 0) throw new Error("no source of metrics has answered");
    const ofReaders = results.slice(0, readers.length);
    const known = this.#lastOf(readers, ofReaders);
    const resource = known[0]?.resource ?? this.#options.resource;
    const replaced = this.#options.replaced?.(known.flatMap(({ scopeMetrics }) => scopeMetrics));
    if (replaced === undefined) return write(answered, resource);
    this.#remember(readers, ofReaders);
    const ofProducers = answered.filter((result) => !ofReaders.includes(result));
    return write([{ resource, scopeMetrics: [...replaced] }, ...ofProducers], resource);
  }

  /** How long sources are waited for. */
  #patience(clientTimeoutMillis = Infinity): number {
    return Math.min(this.#options.timeoutMillis, inWholeSeconds(clientTimeoutMillis) * COLLECT_SHARE);
  }

  /** Writes one text after another: the serializer reuses labels of the text before. */
  #write(metrics: readonly ResourceMetrics[], resource: Resource, asked: AskedPage): Promise<MetricsPage> {
    const page = this.#lastText.then(() => this.#page(this.#serializer, metrics, resource, asked));
    // Its result would keep the page in memory until the next scrape.
    this.#lastText = page.then(nothing, nothing);
    return page;
  }

  async #page(
    serializer: MetricsSerializer,
    metrics: readonly ResourceMetrics[],
    resource: Resource | undefined,
    asked: AskedPage,
  ): Promise<MetricsPage> {
    const { format, naming } = this.#shown(asked, metrics);
    const pieces = await serializer.serialize(metrics, resource, format, naming);
    return { format, escaping: naming.escaping, pieces };
  }

  /**
   * In OpenMetrics a counter may lose its type, because its name clashes with another one or does not end
   * in `_total`. A client that takes text too gets text then.
   */
  #shown(
    { best, text }: AskedPage,
    metrics: readonly ResourceMetrics[],
  ): { format: AcceptedFormat["format"]; naming: Naming } {
    const naming = this.#namingFor(best);
    const shown = { format: best.format, naming };
    if (best.format !== "openmetrics" || text === undefined) return shown;
    if (!clashesInOpenMetrics(groupIntoFamilies(metrics, () => {}, naming))) return shown;
    return { format: text.format, naming: this.#namingFor(text) };
  }

  #namingFor({ escaping }: AcceptedFormat): Naming {
    return namingFor(this.#options.translation?.() ?? DEFAULT_TRANSLATION, escaping);
  }

  /** What the readers show now, without producers, to be added up with other processes. */
  async shownByReaders(): Promise<ScopeMetrics[]> {
    const readers = this.#options.readers();
    const { results } = await collectAll(readers, this.#options.timeoutMillis);
    this.#remember(readers, results);
    return this.#lastOf(readers, results).flatMap(({ scopeMetrics }) => scopeMetrics);
  }

  /** What the readers show; of one that has failed, or was shut down, what it showed last. */
  #lastOf(readers: readonly MetricSource[], results: readonly (ResourceMetrics | undefined)[]) {
    return readers.flatMap((reader, index) => results[index] ?? this.#remembered.get(reader) ?? []);
  }

  #remember(readers: readonly MetricSource[], results: readonly (ResourceMetrics | undefined)[]): void {
    for (const [index, reader] of readers.entries()) {
      const result = results[index];
      if (result !== undefined) this.#remembered.set(reader, result);
    }
  }

  #onDropped({ metric, reason, points }: DroppedPoints): void {
    if (reason === "page-full") this.#options.onPageFull?.(points, metric);
    this.#logged.log(`${reason}: ${metric}`, () =>
      log.warn(`prometheus endpoint: dropped ${points} points of ${metric} (${reason})`),
    );
  }
}

function nothing(): void {}

/** Few different times: each needs a scrape of its own. */
function inWholeSeconds(millis: number): number {
  return Math.max(LEAST_PATIENCE_MILLIS, Math.floor(millis / 1000) * 1000);
}
