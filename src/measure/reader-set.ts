import { METRIC_HTTP_SERVER_REQUEST_DURATION } from "@opentelemetry/semantic-conventions";
import { kindOfError } from "../core/error-type.ts";
import type { Hurry } from "../core/hurry.ts";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { Labels } from "../core/series-key.ts";
import { type Steps, type YieldingClock, YieldingRunner } from "../core/yielding-runner.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { CollectionReader } from "../otel/collection-reader.ts";
import { measuredMetrics } from "../otel/measured-metrics.ts";
import { GENAI_SCOPE, HTTP_SCOPE, HTTP2_SCOPE } from "../otel/scopes.ts";
import { STANDARD_METRICS } from "../otel/semconv.ts";

/** Instruments the module `http`, and not `http2`. */
const INSTRUMENTATION_HTTP = "@opentelemetry/instrumentation-http";
const STANDARD_NAMES = new Set(Object.values(STANDARD_METRICS).map(({ name }): string => name));

/** What one collection measured: by our own instruments, and by those of the application. */
export interface Measured {
  readonly own: readonly MeasuredMetric[];
  readonly application: readonly MeasuredMetric[];
}

/** Measures what is no instrument of this process, such as the points that other processes send. */
export interface MeasuringSource {
  /** What was measured since the previous call. */
  collect(): Steps<readonly MeasuredMetric[]>;
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
  readonly #work: MeasuringSource;
  readonly #clock: YieldingClock;
  readonly #application: CollectionReader[] = [];
  readonly #sources: MeasuringSource[] = [];
  /** Our scopes whose requests an instrumentation of the application measures. */
  readonly #replacedScopes = new Set<string>();
  #onReplaced: (scope: string) => void = () => {};
  readonly #listeners: CollectionListener[] = [];
  #hasMore = false;
  #share: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[] = (application) =>
    application;
  readonly #maxAttributeSets: number;
  readonly #timeoutMillis: number;
  readonly #skips: SkipLog;
  readonly #hurry: Hurry;

  /** @param options.maxAttributeSets the cardinality limit of the application's instruments. */
  constructor(options: {
    own: CollectionReader;
    work: MeasuringSource;
    clock: YieldingClock;
    maxAttributeSets: number;
    timeoutMillis: number;
    skips: SkipLog;
    hurry: Hurry;
  }) {
    this.#own = options.own;
    this.#work = options.work;
    this.#clock = options.clock;
    this.#maxAttributeSets = options.maxAttributeSets;
    this.#timeoutMillis = options.timeoutMillis;
    this.#skips = options.skips;
    this.#hurry = options.hurry;
  }

  /**
   * Creates a reader for a provider of the application. Pass it to `add` once the provider has it.
   */
  newReader(): CollectionReader {
    return new CollectionReader({ maxAttributeSets: this.#maxAttributeSets, hurry: this.#hurry });
  }

  /** Collects from this reader too. */
  add(reader: CollectionReader): void {
    this.#application.push(reader);
  }

  /** Takes what a source measures for measured by the application. */
  addSource(source: MeasuringSource): void {
    this.#sources.push(source);
  }

  /**
   * Replaces what the application's instruments measured here by what `share` returns for it.
   * Workers of one app forecast the sums of all workers.
   */
  share(share: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[]): void {
    this.#share = share;
  }

  /**
   * Calls back once for each of our scopes that an HTTP instrumentation of the application is seen
   * to replace.
   */
  onHttpMeasuredElsewhere(callback: (scope: string) => void): void {
    this.#onReplaced = callback;
  }

  /** Adds a listener, from the next collection on. */
  listen(listener: CollectionListener): void {
    this.#listeners.push(listener);
  }

  /** Whether a listener recorded something at the end of the last collection. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /**
   * @param now milliseconds of a clock that nobody sets.
   * @param isAfterPause whether the process was paused since the last collection. What observed
   * totals grew by meanwhile is then in no rate.
   */
  async collect(
    now: number,
    isAfterPause = false,
    runner = new YieldingRunner(this.#clock),
  ): Promise<Measured> {
    for (const listener of this.#listeners) listener.collectionStarted?.();
    const work = await runner.run(this.#work.collect());
    const collectFrom = (reader: CollectionReader): Promise<MeasuredMetric[]> =>
      this.#collectFrom(reader, now, isAfterPause, runner);
    const [others, application] = await Promise.all([
      collectFrom(this.#own),
      Promise.all(this.#application.map(collectFrom)),
    ]);
    const own = [...work, ...others];
    const measured = { own, application: application.flat() };
    for (const source of this.#sources)
      for (const metric of await runner.run(source.collect())) measured.application.push(metric);
    const foreign = measured.application.filter(isForeignStandard).map(({ name }) => name);
    this.#hasMore = this.#listeners.map((listener) => listener.collectionEnded(foreign)).includes(true);
    for (const scope of measured.application.flatMap(replacedBy)) {
      if (this.#replacedScopes.has(scope)) continue;
      this.#replacedScopes.add(scope);
      this.#onReplaced(scope);
    }
    if (this.#replacedScopes.size === 0) return { own, application: this.#share(measured.application) };
    const isUsed = ({ scope }: MeasuredMetric): boolean => !this.#replacedScopes.has(scope);
    return { own: own.filter(isUsed), application: this.#share(measured.application.filter(isUsed)) };
  }

  /** Hides what the application's instruments measure of sources that are gone. */
  *expire(isGone: (labels: Labels, lastHeardAt: number) => boolean): Steps<void> {
    for (const reader of this.#application) yield* reader.expire(isGone);
  }

  /** Tells the readers that the clock was set. */
  clockWasSet(): void {
    for (const reader of [this.#own, ...this.#application]) reader.clockWasSet();
  }

  async #collectFrom(
    reader: CollectionReader,
    now: number,
    isAfterPause: boolean,
    runner: YieldingRunner,
  ): Promise<MeasuredMetric[]> {
    if (reader.isShutDown) return [];
    if (isAfterPause) reader.totals.pause();
    try {
      const result = await reader.collect({ timeoutMillis: this.#timeoutMillis });
      for (const error of result.errors) this.#skips.skipThrown("callback_failed", kindOfError(error), error);
      const heard = reader === this.#own ? result : await runner.run(reader.sets.take(result, now));
      const onCut = (metric: string): void =>
        this.#skips.skip("long_name", `an attribute of ${metric} was cut`);
      return await runner.run(measuredMetrics(heard, reader.totals, onCut, reader.labels));
    } catch (error) {
      this.#skips.skipThrown("collection_failed", kindOfError(error), error);
      return [];
    }
  }
}

/**
 * The scopes of ours that a metric replaces. HTTP instrumentations of the application also know
 * routes. The common one does not see HTTP/2.
 */
function replacedBy({ name, scope }: MeasuredMetric): string[] {
  const isOurs = scope === HTTP_SCOPE || scope === HTTP2_SCOPE;
  if (name !== METRIC_HTTP_SERVER_REQUEST_DURATION || isOurs) return [];
  return scope === INSTRUMENTATION_HTTP ? [HTTP_SCOPE] : [HTTP_SCOPE, HTTP2_SCOPE];
}

function isForeignStandard({ name, scope }: MeasuredMetric): boolean {
  return STANDARD_NAMES.has(name) && scope !== GENAI_SCOPE;
}
