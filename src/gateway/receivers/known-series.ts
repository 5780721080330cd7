import { labelText } from "../../core/label-text.ts";
import { emptyLabels, type Labels, seriesId } from "../../core/series-key.ts";
import { MalformedMessage } from "../../wire/remote/message-reader.ts";
import type { Sample, TimeSeries } from "../../wire/remote/time-series.ts";
import type { HistogramKey } from "./histogram-assembler.ts";
import type { MetricTypes, SeriesRole } from "./metric-types.ts";

/** The label of the name, and that of the upper bound of a bucket. */
const NAME = "__name__";
const BOUND = "le";

/** What was read once of the labels of a series. */
export class KnownSeries {
  readonly name: string;
  /** The labels without the name. */
  readonly labels: Labels;
  /** The upper bound of a bucket; `undefined` if it is none. */
  readonly bound: number | undefined;
  /** A sample that waits until it is known whether it belongs to a histogram. */
  held: Sample | undefined;
  /** Whether it is known to be a counter, although its name could be that of a part of a histogram. */
  isCounter = false;
  #role: SeriesRole | undefined;
  #roleVersion = -1;
  #histogram: HistogramKey | undefined;

  /**
   * @param onCut called for each text that is too long and is cut.
   * @throws MalformedMessage if the labels are not those of a series.
   */
  constructor(series: TimeSeries, onCut: () => void) {
    const labels = emptyLabels();
    for (const [key, text] of series.labels()) {
      const name = labelText(key, onCut);
      const value = labelText(text, onCut);
      if (name in labels) throw new MalformedMessage(`a series has the label ${name} twice`);
      // For Prometheus, an empty value is no label.
      if (value !== "") labels[name] = value;
    }
    const { [NAME]: name, ...others } = labels;
    if (name === undefined) throw new MalformedMessage("a series has no name");
    this.name = name;
    this.labels = Object.assign(emptyLabels(), others);
    this.bound = boundOf(labels[BOUND]);
  }

  roleIn(types: MetricTypes): SeriesRole {
    if (this.#role === undefined || this.#roleVersion !== types.version) {
      this.#role = types.roleOf(this.name, this.bound !== undefined);
      this.#roleVersion = types.version;
      this.#histogram = undefined;
    }
    return this.#role;
  }

  /** The histogram that it is a part of, if it is one. */
  histogramOf({ family, part }: SeriesRole): HistogramKey {
    if (this.#histogram === undefined) {
      const labels = part === "bucket" ? withoutBound(this.labels) : this.labels;
      this.#histogram = { id: seriesId({ metric: family, labels }), family, labels };
    }
    return this.#histogram;
  }
}

/** The text of a bound, as Prometheus and OpenMetrics write it. `undefined` if it is no number. */
function boundOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\+?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  const bound = Number(text);
  return Number.isFinite(bound) ? bound : undefined;
}

function withoutBound(labels: Labels): Labels {
  const { [BOUND]: _, ...others } = labels;
  return Object.assign(emptyLabels(), others);
}

/**
 * The series that came lately, so that their labels are read once. When there are too many, those that
 * came longest ago are forgotten: they are kept in two halves, and the older half is dropped whole.
 */
export class RecentSeries {
  readonly #half: number;
  #young = new Map<string, KnownSeries>();
  #old = new Map<string, KnownSeries>();
  readonly #onCut: () => void;

  /** @param onCut called for each text of labels that is too long and is cut. */
  constructor(maxSeries: number, onCut: () => void) {
    this.#onCut = onCut;
    this.#half = Math.max(1, Math.ceil(maxSeries / 2));
  }

  /** @throws MalformedMessage if the labels are not those of a series. */
  of(series: TimeSeries): KnownSeries {
    const young = this.#young.get(series.key);
    if (young !== undefined) return young;
    const known = this.#old.get(series.key) ?? new KnownSeries(series, this.#onCut);
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(series.key, known);
    return known;
  }
}
