import type { Attributes, Observable, ValueType } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import {
  createAllowListAttributesProcessor,
  type IMetricReader,
  MeterProvider,
  type MetricProducer,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { inSlices } from "../../../src/core/sliced-collection.ts";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../../src/otel/measured-metrics.ts";
import { EndpointReader } from "../../../src/prometheus/endpoint-reader.ts";
import { MetricsSerializer } from "../../../src/prometheus/serialize.ts";
import { eventLoop } from "../../../src/system/event-loop.ts";

/** So few attribute sets of an instrument that some runs exceed it. */
export const LIMIT = 6;

export const KINDS = [
  "createObservableGauge",
  "createObservableCounter",
  "createObservableUpDownCounter",
] as const;

export const VIEWS: ViewOptions[] = [
  { instrumentName: "renamed", name: "a.b" },
  { instrumentName: "filtered", attributesProcessors: [createAllowListAttributesProcessor(["id"])] },
  { instrumentName: "limited", aggregationCardinalityLimit: 3 },
];

export interface InstrumentSpec {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly valueType: ValueType;
  readonly scope: string;
}

/** Some instruments, by their index. A batch callback observes several. */
export interface CallbackSpec {
  readonly instruments: readonly number[];
  readonly isBatch: boolean;
}

export interface ObservationSpec {
  readonly instrument: number;
  readonly value: unknown;
  readonly attributes: Attributes | null | undefined;
}

/** What a callback does at one call. */
export interface Program {
  readonly observations: readonly ObservationSpec[];
  readonly throws: boolean;
}

export interface Setup {
  readonly instruments: readonly InstrumentSpec[];
  readonly callbacks: readonly CallbackSpec[];
  readonly hasViews: boolean;
}

/** Leaves everything but the slices to the SDK. */
class PlainReader extends PrometheusExporter {
  constructor() {
    super({ preventServerStart: true });
  }

  override setMetricProducer(producer: MetricProducer): void {
    super.setMetricProducer(inSlices(producer, eventLoop, Date.now));
  }

  override selectCardinalityLimit(): number {
    return LIMIT;
  }
}

/**
 * An application whose observable instruments are scraped, and collected by the forecaster too.
 *
 * @param way `direct`: by our endpoint; `sdk`: as the SDK does it, for comparison.
 * @param reusesObjects whether its callbacks observe one object again and again, with other attributes.
 */
export class Application {
  /** How often each callback was called. */
  readonly calls: number[];
  /** What each callback does at its next call. */
  programs: readonly Program[] = [];
  readonly #reader: IMetricReader;
  readonly #collection = new CollectionReader({ maxAttributeSets: LIMIT });
  readonly #serializer = new MetricsSerializer();
  readonly #reusesObjects: boolean;
  #counted = 0;

  constructor({ instruments, callbacks, hasViews }: Setup, way: "direct" | "sdk", reusesObjects: boolean) {
    this.#reusesObjects = reusesObjects;
    this.#reader = way === "direct" ? new EndpointReader({ cardinalityLimit: LIMIT }) : new PlainReader();
    const readers = [this.#collection, this.#reader];
    const provider = new MeterProvider({ readers, views: hasViews ? VIEWS : [] });
    const observables = instruments.map(({ kind, name, scope, ...options }) =>
      provider.getMeter(scope)[kind](name, options),
    );
    this.calls = callbacks.map(() => 0);
    for (const [index, spec] of callbacks.entries()) {
      const chosen = spec.instruments.map((which) => which % instruments.length);
      const [first] = chosen as [number];
      const scope = instruments[first]?.scope as string;
      const observed = chosen.filter((which) => instruments[which]?.scope === scope);
      if (spec.isBatch)
        provider.getMeter(scope).addBatchObservableCallback(
          (result) =>
            this.#observe(index, (given) => {
              const which = given.instrument % instruments.length;
              // Those that are not of the callback are ignored.
              const observation = observed.includes(which) ? given : { ...given, attributes: {} };
              this.#give(result, [observables[which] as Observable], instruments[which], observation);
            }),
          observed.map((which) => observables[which] as Observable),
        );
      else
        observables[first]?.addCallback((result) =>
          this.#observe(index, (given) => this.#give(result, [], instruments[first], given)),
        );
    }
  }

  /** The page, and the errors of the scrape. */
  async scrape(): Promise<{ page: string; errors: string[] }> {
    this.#counted += 1000;
    const { resourceMetrics, errors } = await this.#reader.collect({ timeoutMillis: 10_000 });
    const pieces = await this.#serializer.serialize([resourceMetrics]);
    const lines = Buffer.concat(pieces).toString().split("\n");
    // What exceeds the limit of a counter is any of many totals: the SDK takes them for falling ones.
    const page = lines.filter((line) => !line.includes('_total{otel_metric_overflow="true"')).join("\n");
    return { page, errors: errors.map(String).sort() };
  }

  /**
   * What the forecaster collects, and the attribute sets with this id leave. Nothing of objects that
   * are reused: for them the SDK's points have the attributes of the last one.
   */
  async collect(now: number, goneId: string | undefined): Promise<unknown> {
    this.#counted += 1000;
    const collected = await this.#collection.collect();
    if (this.#reusesObjects) return [];
    const result = atOnce(this.#collection.sets.take(collected, now));
    this.#collection.expire(({ id }) => goneId !== undefined && id === goneId);
    return atOnce(measuredMetrics(result)).map((metric) => ({
      ...metric,
      points: metric.points.map((point) => JSON.stringify(point)).sort(),
    }));
  }

  #observe(index: number, give: (given: ObservationSpec) => void): void {
    this.calls[index] = (this.calls[index] as number) + 1;
    const program = this.programs[index];
    for (const given of program?.observations ?? []) give(given);
    if (program?.throws === true) throw new Error(`callback ${index}`);
  }

  /** Totals that fall are left out here: the SDK adds some of them up. */
  #give(
    result: { observe(...given: never[]): void },
    before: readonly Observable[],
    instrument: InstrumentSpec | undefined,
    { value, attributes }: ObservationSpec,
  ): void {
    this.#counted += 1;
    const isGauge = instrument?.kind === "createObservableGauge";
    const given = isGauge || typeof value === "string" ? value : this.#counted;
    const observed = [...before, given, ...(attributes === undefined ? [] : [this.#objectOf(attributes)])];
    Reflect.apply(result.observe, result, observed);
  }

  readonly #object: Record<string, unknown> = {};

  #objectOf(attributes: Attributes | null): unknown {
    if (attributes === null) return null;
    if (!this.#reusesObjects) return { ...attributes };
    for (const key of Object.keys(this.#object)) delete this.#object[key];
    return Object.assign(this.#object, attributes);
  }
}
