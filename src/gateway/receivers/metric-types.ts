import { labelText } from "../../core/label-text.ts";
import type { MetricHeader } from "../../core/point-intake.ts";
import { log } from "../../logging/component-logger.ts";
import type { MetricMetadata, MetricType } from "../../wire/remote/write-request.ts";

/** What the samples of a series are. */
export interface SeriesRole {
  /** `part`: one number of a histogram. */
  readonly kind: "gauge" | "counter" | "part";
  /** Which number of the histogram. */
  readonly part?: "bucket" | "sum" | "count";
  /** The name of the metric that the samples belong to. */
  readonly family: string;
  /** Whether it is a counter if nobody sends buckets of the histogram. */
  readonly isGuessed?: boolean;
}

/** The header of a metric, and a key that changes with it. */
export interface KeyedHeader {
  readonly key: string;
  readonly header: MetricHeader;
}

interface Known extends MetricMetadata {
  readonly version: number;
}

/** The maximum of metrics whose metadata is kept. */
const MAX_METRICS = 20_000;

/** Suffixes of series of one metric. */
const SUFFIX = /^(.+)_(total|bucket|sum|count)$/;
/** Types whose series bear the name of the metric and are levels. */
const LEVELS: ReadonlySet<MetricType | undefined> = new Set(["gauge", "info", "stateset", "summary"]);
/** The units of OpenMetrics that we write as OpenTelemetry does. */
const UNITS: Readonly<Record<string, string>> = { seconds: "s", bytes: "By" };

/**
 * What the series of Prometheus's remote write 1.0 are, which have no type: their metadata tells it if
 * it was sent, and otherwise their name.
 */
export class MetricTypes {
  readonly #known = new Map<string, Known>();
  #version = 0;
  #isFull = false;

  /** Changes when a type or a unit has changed: roles may then be others. */
  get version(): number {
    return this.#version;
  }

  /** @param onCut called for each text that is too long and is cut. */
  learn(metadata: readonly MetricMetadata[], onCut: () => void): void {
    for (const told of metadata) {
      const family = labelText(told.family, onCut);
      const help = labelText(told.help, onCut);
      const known = this.#known.get(family);
      if (known === undefined && this.#known.size >= MAX_METRICS) this.#full();
      else this.#known.set(family, { ...told, family, help, version: this.#versionOf(told, known) });
    }
  }

  /**
   * @param name that of the series.
   * @param isBucket whether it has a label for the upper bound of a bucket.
   */
  roleOf(name: string, isBucket: boolean): SeriesRole {
    const own = this.#typeOf(name);
    if (own === "counter") return { kind: "counter", family: name };
    if (LEVELS.has(own)) return { kind: "gauge", family: name };
    const [, family, suffix] = SUFFIX.exec(name) ?? [];
    if (family === undefined) return { kind: "gauge", family: name };
    const type = this.#typeOf(family);
    if (suffix === "bucket")
      return isBucket && type !== "gaugehistogram"
        ? { kind: "part", part: "bucket", family }
        : { kind: "gauge", family: name };
    if (suffix === "total" || type === "summary") return { kind: "counter", family: name };
    return { kind: "part", part: suffix as "sum" | "count", family, isGuessed: type !== "histogram" };
  }

  /** The header of the metric that a series belongs to. */
  headerOf(family: string, kind: "gauge" | "counter" | "histogram"): KeyedHeader {
    const known = this.#known.get(family) ?? this.#known.get(SUFFIX.exec(family)?.[1] ?? "");
    return {
      key: `${kind} ${known?.version ?? 0} ${family}`,
      header: {
        scope: "",
        name: family,
        unit: unitOf(family, known?.unit),
        description: known?.help ?? "",
        kind,
        temporality: "cumulative",
      },
    };
  }

  #typeOf(family: string): MetricType | undefined {
    return this.#known.get(family)?.type;
  }

  /** Two targets may describe a metric in different words, and Prometheus sends both each minute. */
  #versionOf({ type, unit }: MetricMetadata, known: Known | undefined): number {
    if (known?.type === type && known.unit === unit) return known.version;
    this.#version += 1;
    return this.#version;
  }

  #full(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    log.warn(
      `remote write: the senders describe more than ${MAX_METRICS} metrics; the types of further ones are ` +
        "taken from their names",
    );
  }
}

/** Only a unit that the name ends in already: any other one would become a suffix of the name. */
function unitOf(name: string, unit = ""): string {
  const base = SUFFIX.exec(name)?.[1] ?? name;
  return base.endsWith(`_${unit}`) ? (UNITS[unit] ?? "") : "";
}
