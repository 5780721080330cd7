import { METRIC_HTTP_SERVER_REQUEST_DURATION } from "@opentelemetry/semantic-conventions";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import { messageOf } from "../core/text-of.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { CollectionReader } from "../otel/collection-reader.ts";
import { measuredMetrics } from "../otel/measured-metrics.ts";
import { GENAI_SCOPE, HTTP_SCOPE } from "../otel/scopes.ts";
import { STANDARD_METRICS } from "../otel/semconv.ts";

const STANDARD_NAMES = new Set(Object.values(STANDARD_METRICS).map(({ name }): string => name));

/** Readers of our own instruments, and of those of an application. */
export interface Measured {
  readonly own: readonly MeasuredMetric[];
  readonly application: readonly MeasuredMetric[];
}

/** Is told when collections start and end. */
export interface CollectionListener {
  collectionStarted?(): void;
  /**
   * @param foreign names of the metrics of the GenAI conventions that the application's own
   * instrumentations record.
   * @returns whether something was recorded now, which only the next collection will show.
   */
  collectionEnded(foreign: readonly string[]): boolean;
}

/**
 * Collects from every reader at once. A callback that hangs costs its own metric and a bounded wait; one that throws
 * costs its own metric. Each is counted and said once.
 */
export class ReaderSet {
  readonly #own: CollectionReader;
  readonly #application: CollectionReader[] = [];
  #isHttpMeasuredElsewhere = false;
  #onForeignHttp: () => void = () => {};
  readonly #listeners: CollectionListener[] = [];
  #hasMore = false;
  #shared: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[] = (application) =>
    application;
  readonly #maxAttributeSets: number;
  readonly #timeoutMillis: number;
  readonly #skips: SkipLog;

  /** `maxAttributeSets`: the cardinality limit of an application's instruments. */
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

  /** A reader for a provider whose instruments are an application's. It is collected once it is added. */
  newReader(): CollectionReader {
    return new CollectionReader({ maxAttributeSets: this.#maxAttributeSets });
  }

  /** Collects from a reader too, once its provider has it. */
  add(reader: CollectionReader): void {
    this.#application.push(reader);
  }

  /** What is forecast in place of what the application's instruments measure here. */
  share(shared: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[]): void {
    this.#shared = shared;
  }

  /** Told once, when an HTTP instrumentation of the application's is seen: ours need not measure the same. */
  onceHttpIsMeasuredElsewhere(callback: () => void): void {
    this.#onForeignHttp = callback;
  }

  /** Adds a listener for every collection from the next one on. */
  listen(listener: CollectionListener): void {
    this.#listeners.push(listener);
  }

  /** Whether something was recorded at the end of the last collection. */
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
    if (!this.#isHttpMeasuredElsewhere) return { own, application: this.#shared(measured.application) };
    return {
      own: own.filter(isNotOurHttp),
      application: this.#shared(measured.application.filter(isNotOurHttp)),
    };
  }

  async #collectFrom(reader: CollectionReader): Promise<MeasuredMetric[]> {
    if (reader.isShutDown) return [];
    try {
      const result = await reader.collect({ timeoutMillis: this.#timeoutMillis });
      for (const error of result.errors) this.#skips.skip("callback_failed", messageOf(error));
      return measuredMetrics(result, (metric) =>
        this.#skips.skip("long_name", `an attribute of ${metric}: it is cut`),
      );
    } catch (error) {
      this.#skips.skip("collection_failed", messageOf(error));
      return [];
    }
  }
}

/** An HTTP instrumentation of the application's has routes too: what it measures counts, and not ours. */
function isForeignHttp({ name, scope }: MeasuredMetric): boolean {
  return name === METRIC_HTTP_SERVER_REQUEST_DURATION && scope !== HTTP_SCOPE;
}

function isForeignStandard({ name, scope }: MeasuredMetric): boolean {
  return STANDARD_NAMES.has(name) && scope !== GENAI_SCOPE;
}

function isNotOurHttp({ scope }: MeasuredMetric): boolean {
  return scope !== HTTP_SCOPE;
}
