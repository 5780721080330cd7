import type { MetricIntake, PointIntake, StreamIntake } from "../../core/point-intake.ts";
import { emptyLabels, type Labels, seriesId } from "../../core/series-key.ts";
import { type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";
import type { AnsweredSeries } from "../../promql/answer.ts";
import type { PrometheusClient } from "../../promql/prometheus-client.ts";
import type { PullObserver } from "./pull-observer.ts";

/** A query of a source. */
export interface QueryParts {
  /** The name of the metric that its series become. */
  readonly name: string;
  readonly query: string;
  readonly client: PrometheusClient;
  readonly intake: PointIntake;
  readonly observer: PullObserver;
  readonly clock: YieldingClock;
}

/**
 * A query whose result becomes a gauge: each series of it is a stream with the labels of the result,
 * without `__name__`. A series that is missing in a later result has ended, as it has for Prometheus.
 */
export class PulledQuery {
  readonly name: string;
  readonly #parts: QueryParts;
  #streams = new Map<string, StreamIntake>();

  constructor(parts: QueryParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  /**
   * Asks for the result at a time, and puts its points into the streams.
   *
   * @throws ApiError
   */
  async pull(at: number, signal: AbortSignal): Promise<void> {
    const { client, query, observer, clock } = this.#parts;
    const answered: AnsweredSeries[] = [];
    const { notFinite, histograms } = await client.instant({ query, at, signal }, (series) =>
      answered.push(series),
    );
    const slices = new YieldingRunner(clock);
    const metric = this.#metric;
    const streams = new Map<string, StreamIntake>();
    const seen = new Set<string>();
    let points = 0;
    for (const { labels, values } of answered) {
      const [value] = values;
      if (value === undefined) continue;
      const id = seriesId({ metric: "", labels: withoutName(labels) });
      if (seen.has(id)) {
        observer.failed("duplicate", 1);
        continue;
      }
      seen.add(id);
      points += 1;
      const stream = metric.stream(id, () => withoutName(labels));
      // The intake has counted why there is none.
      if (stream === undefined) continue;
      streams.set(id, stream);
      stream.number(value, at, Number.NaN);
      if (slices.isDue) await slices.pause();
    }
    for (const [id, stream] of this.#streams) if (!streams.has(id)) stream.end(at);
    this.#streams = streams;
    if (points > 0) observer.received(points);
    if (notFinite > 0) observer.failed("not_finite", notFinite);
    if (histograms > 0) observer.failed("histogram", histograms);
  }

  /** It is looked up each time: an intake forgets a metric whose streams have ended. */
  get #metric(): MetricIntake {
    const { name, query, client, intake } = this.#parts;
    return intake
      .resource(client.address, () => emptyLabels())
      .metric(`${name} ${query}`, () => ({
        scope: "",
        name,
        unit: "",
        description: query,
        kind: "gauge",
        temporality: "cumulative",
      }));
  }
}

function withoutName(labels: Labels): Labels {
  const others = emptyLabels();
  for (const [name, value] of Object.entries(labels)) if (name !== "__name__") others[name] = value;
  return others;
}
