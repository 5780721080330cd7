import { METRIC_HTTP_SERVER_REQUEST_DURATION } from "@opentelemetry/semantic-conventions";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { CollectionReader } from "../telemetry/collection-reader.ts";
import { measuredMetrics } from "../telemetry/measured-metrics.ts";
import type { SkipLog } from "../telemetry/skip-log.ts";

/** Readers of our own instruments, and of those of an application. */
export interface Measured {
  readonly own: readonly MeasuredMetric[];
  readonly application: readonly MeasuredMetric[];
}

/**
 * Collects from every reader at once. A callback that hangs costs its own metric and a bounded wait; one that throws
 * costs its own metric. Each is counted and said once.
 */
export class Intake {
  readonly #own: CollectionReader;
  readonly #application: CollectionReader[] = [];
  readonly #joined: CollectionReader[] = [];
  /** What instrumentations of a joined provider measure, and ours need not count again. */
  readonly #measuredElsewhere = new Set<string>();
  readonly #timeoutMillis: number;
  readonly #skips: SkipLog;

  constructor(options: { own: CollectionReader; timeoutMillis: number; skips: SkipLog }) {
    this.#own = options.own;
    this.#timeoutMillis = options.timeoutMillis;
    this.#skips = options.skips;
  }

  /** A reader of the provider that we registered. */
  add(reader: CollectionReader): void {
    this.#application.push(reader);
  }

  /** A reader of a provider that the application built beside ours: what it has of a standard metric, counts. */
  addJoined(reader: CollectionReader): void {
    this.#joined.push(reader);
  }

  async collect(): Promise<Measured> {
    const collect = async (readers: readonly CollectionReader[]): Promise<MeasuredMetric[]> =>
      (await Promise.all(readers.map((reader) => this.#collectFrom(reader)))).flat();
    const [own, ours, joined] = await Promise.all([
      collect([this.#own]),
      collect(this.#application),
      collect(this.#joined),
    ]);
    for (const metric of joined) {
      if (metric.name === METRIC_HTTP_SERVER_REQUEST_DURATION) this.#measuredElsewhere.add(metric.name);
    }
    return {
      own,
      application: [...ours.filter(({ name }) => !this.#measuredElsewhere.has(name)), ...joined],
    };
  }

  async #collectFrom(reader: CollectionReader): Promise<MeasuredMetric[]> {
    if (reader.isShutDown) return [];
    try {
      const result = await reader.collect({ timeoutMillis: this.#timeoutMillis });
      for (const error of result.errors) this.#skips.skip("callback_failed", messageOf(error));
      return measuredMetrics(result);
    } catch (error) {
      this.#skips.skip("collection_failed", messageOf(error));
      return [];
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
