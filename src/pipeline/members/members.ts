import type { CollectionResult, Histogram, MetricProducer } from "@opentelemetry/sdk-metrics";
import { ForecastProducer, type PublishedSeries } from "../../telemetry/forecast-producer.ts";
import { type MemberReport, readReport } from "./member-report.ts";

/** Threads and child processes that are shown at once. */
const MAX_MEMBERS = 256;

interface Member {
  readonly name: string;
  readonly series: Map<string, PublishedSeries>;
  heardAt: number;
}

/**
 * The worker threads and child processes of this process, and what they last reported: it is shown until they end, or
 * have not been heard of for too long. Two that call themselves alike are told apart by a number.
 */
export class Members implements MetricProducer {
  readonly #producer: ForecastProducer;
  readonly #members = new Map<string, Member>();
  readonly #now: () => number;
  readonly #expiryMillis: number;

  constructor(options: { now: () => number; expiryMillis: number }) {
    this.#now = options.now;
    this.#expiryMillis = options.expiryMillis;
    this.#producer = new ForecastProducer(options.now);
  }

  /** Shows what a member reports from now on; `false` when that is no report, or there are too many members. */
  take(id: string, given: unknown): boolean {
    const report = readReport(given);
    if (report === undefined) return false;
    let member = this.#members.get(id);
    if (member === undefined) {
      if (this.#members.size >= MAX_MEMBERS) return false;
      member = { name: this.#freeName(report.self), series: new Map(), heardAt: 0 };
      this.#members.set(id, member);
    }
    member.heardAt = this.#now();
    this.#show(member, report);
    return true;
  }

  remove(id: string): void {
    for (const series of this.#members.get(id)?.series.values() ?? []) series.remove();
    this.#members.delete(id);
  }

  collect(): Promise<CollectionResult> {
    for (const [id, { heardAt }] of this.#members) {
      if (this.#now() - heardAt > this.#expiryMillis) this.remove(id);
    }
    return this.#producer.collect();
  }

  #show({ name, series }: Member, report: MemberReport): void {
    const gone = new Set(series.keys());
    for (const { metric, labels, value } of report.series) {
      const agent = labels.agent === report.self ? name : labels.agent;
      const key = JSON.stringify([metric, Object.entries(labels)]);
      gone.delete(key);
      const shown = series.get(key) ?? this.#producer.series(metric, { ...labels, agent });
      series.set(key, shown);
      shown.put(value as number | Histogram);
    }
    for (const key of gone) {
      series.get(key)?.remove();
      series.delete(key);
    }
  }

  #freeName(self: string): string {
    const taken = new Set(Array.from(this.#members.values(), ({ name }) => name));
    if (!taken.has(self)) return self;
    let number = 2;
    while (taken.has(`${self}#${number}`)) number += 1;
    return `${self}#${number}`;
  }
}
