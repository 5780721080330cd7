import { METRIC_HTTP_SERVER_REQUEST_DURATION } from "@opentelemetry/semantic-conventions";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import { messageOf } from "../core/text-of.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { CollectionReader } from "../otel/collection-reader.ts";
import { measuredMetrics } from "../otel/measured-metrics.ts";
import { GENAI_SCOPE, HTTP_SCOPE } from "../otel/scopes.ts";
import { STANDARD_METRICS } from "../otel/semconv.ts";

const STANDARD_NAMES = new Set(Object.values(STANDARD_METRICS).map(({ name }): string => name));

/** What one collection measured: by our own instruments, and by those of the application. */
export interface Measured {
  readonly own: readonly MeasuredMetric[];
  readonly application: readonly MeasuredMetric[];
}

/** Called at the start and the end of each collection. */
export interface CollectionListener {
  collectionStarted?(): void;
  /**
   * @param foreign names of the metrics of the GenAI conventions that instrumentations of the
   * application record.
   * @returns whether the listener recorded something now, which only the next collection reads.
   */
  collectionEnded(foreign: readonly string[]): boolean;
}

/**
 * Collects from all readers at the same time. A callback that throws loses its own metric. A
 * callback that hangs also delays the collection, up to a limit. Both are counted and logged once.
 */
export class ReaderSet {
  readonly #own: CollectionReader;
  readonly #application: CollectionReader[] = [];
  #isHttpMeasuredElsewhere = false;
  #onForeignHttp: () => void = () => {};
  readonly #listeners: CollectionListener[] = [];
  #hasMore = false;
  #share: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[] = (application) =>
    application;
  readonly #maxAttributeSets: number;
  readonly #timeoutMillis: number;
  readonly #skips: SkipLog;

  /** @param options.maxAttributeSets the cardinality limit of the application's instruments. */
  constructor(options: {
    own: CollectionReader;
    maxAttributeSets: number;
    timeoutMillis: number;
    skips: SkipLog;
  }) {
    this.#own = options.own;
    this.#maxAttributeSets = options.maxAttributeSets;
    this.#timeoutMillis = options.timeoutMillis;
    this.#skips = options.skips;
  }

  /**
   * Creates a reader for a provider of the application. Pass it to `add` once the provider has it.
   */
  newReader(): CollectionReader {
    return new CollectionReader({ maxAttributeSets: this.#maxAttributeSets });
  }

  /** Collects from this reader too. */
  add(reader: CollectionReader): void {
    this.#application.push(reader);
  }

  /**
   * Replaces what the application's instruments measured here by what `share` returns for it.
   * Workers of one app forecast the sums of all workers.
   */
  share(share: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[]): void {
    this.#share = share;
  }

  /** Calls back once, when an HTTP instrumentation of the application is seen: it replaces ours. */
  onceHttpIsMeasuredElsewhere(callback: () => void): void {
    this.#onForeignHttp = callback;
  }

  /** Adds a listener, from the next collection on. */
  listen(listener: CollectionListener): void {
    this.#listeners.push(listener);
  }

  /** Whether a listener recorded something at the end of the last collection. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  async collect(): Promise<Measured> {
    for (const listener of this.#listeners) listener.collectionStarted?.();
    const [own, application] = await Promise.all([
      this.#collectFrom(this.#own),
      Promise.all(this.#application.map((reader) => this.#collectFrom(reader))),
    ]);
    const measured = { own, application: application.flat() };
    const foreign = measured.application.filter(isForeignStandard).map(({ name }) => name);
    this.#hasMore = this.#listeners.map((listener) => listener.collectionEnded(foreign)).includes(true);
    if (!this.#isHttpMeasuredElsewhere && measured.application.some(isForeignHttp)) {
      this.#isHttpMeasuredElsewhere = true;
      this.#onForeignHttp();
    }
    if (!this.#isHttpMeasuredElsewhere) return { own, application: this.#share(measured.application) };
    return {
      own: own.filter(isNotOurHttp),
      application: this.#share(measured.application.filter(isNotOurHttp)),
    };
  }

  async #collectFrom(reader: CollectionReader): Promise<MeasuredMetric[]> {
    if (reader.isShutDown) return [];
    try {
      const result = await reader.collect({ timeoutMillis: this.#timeoutMillis });
      for (const error of result.errors) this.#skips.skip("callback_failed", messageOf(error));
      return measuredMetrics(result, reader.totals, (metric) =>
        this.#skips.skip("long_name", `an attribute of ${metric} was cut`),
      );
    } catch (error) {
      this.#skips.skip("collection_failed", messageOf(error));
      return [];
    }
  }
}

/** HTTP instrumentations of the application also know routes: their metrics replace ours. */
function isForeignHttp({ name, scope }: MeasuredMetric): boolean {
  return name === METRIC_HTTP_SERVER_REQUEST_DURATION && scope !== HTTP_SCOPE;
}

function isForeignStandard({ name, scope }: MeasuredMetric): boolean {
  return STANDARD_NAMES.has(name) && scope !== GENAI_SCOPE;
}

function isNotOurHttp({ scope }: MeasuredMetric): boolean {
  return scope !== HTTP_SCOPE;
}
