import type { CollectionResult, Histogram, MetricProducer } from "@opentelemetry/sdk-metrics";
import { ForecastProducer, type PublishedSeries } from "../otel/forecast-producer.ts";
import { type ChildReport, readReport } from "./child-report.ts";
import type { Workers } from "./workers.ts";

/** Threads and child processes that are shown at once. */
const MAX_MEMBERS = 256;

interface Member {
  /** What each of its agents is shown as, itself among them, by what it calls them. */
  readonly names: Map<string, string>;
  readonly series: Map<string, PublishedSeries>;
  /** What it told last. */
  report: ChildReport;
  heardAt: number;
}

/**
 * The worker threads and child processes of this process, and what they last reported: it is shown until they end, or
 * have not been heard of for too long. Two that call themselves alike, or that run agents of one name, are told apart by
 * a number; so is one from an agent of the process itself.
 */
export class ChildAgents implements MetricProducer {
  readonly #producer: ForecastProducer;
  readonly #members = new Map<string, Member>();
  readonly #now: () => number;
  readonly #expiryMillis: number;
  readonly #ownNames: () => readonly string[];
  readonly #workers: Workers | undefined;

  /**
   * @param options `ownNames` are those of the agents that the process runs itself; `workers` takes what members measure
   *   that do the same work as others.
   */
  constructor(options: {
    now: () => number;
    expiryMillis: number;
    ownNames: () => readonly string[];
    workers?: Workers;
  }) {
    this.#workers = options.workers;
    this.#now = options.now;
    this.#expiryMillis = options.expiryMillis;
    this.#ownNames = options.ownNames;
    this.#producer = new ForecastProducer(options.now);
  }

  /** Shows what a member reports from now on; `false` when that is no report, or there are too many members. */
  take(id: string, given: unknown): boolean {
    const report = readReport(given);
    if (report === undefined) return false;
    let member = this.#members.get(id);
    if (member === undefined) {
      if (this.#members.size >= MAX_MEMBERS) return false;
      member = { names: new Map(), series: new Map(), report, heardAt: 0 };
      this.#members.set(id, member);
    }
    member.heardAt = this.#now();
    member.report = report;
    this.#show(member);
    if (report.worker !== undefined) this.#workers?.take(id, report.worker);
    return true;
  }

  remove(id: string): void {
    for (const series of this.#members.get(id)?.series.values() ?? []) series.remove();
    this.#members.delete(id);
    this.#workers?.remove(id);
  }

  collect(): Promise<CollectionResult> {
    for (const [id, { heardAt }] of this.#members) {
      if (this.#now() - heardAt > this.#expiryMillis) this.remove(id);
    }
    this.#makeRoomForOwn();
    return this.#producer.collect();
  }

  /** The process may have come to run an agent of a name that a member's agent has since that reported. */
  #makeRoomForOwn(): void {
    const own = new Set(this.#ownNames());
    for (const member of this.#members.values())
      if ([...member.names.values()].some((shown) => own.has(shown))) this.#show(member);
  }

  #show(member: Member): void {
    this.#name(member);
    const { names, series, report } = member;
    const gone = new Set(series.keys());
    for (const { metric, labels: given, value } of report.series) {
      const labels = { ...given, agent: names.get(given.agent) ?? given.agent };
      const key = JSON.stringify([metric, Object.entries(labels)]);
      gone.delete(key);
      const shown = series.get(key) ?? this.#producer.series(metric, labels);
      series.set(key, shown);
      shown.put(value as number | Histogram);
    }
    for (const key of gone) {
      series.get(key)?.remove();
      series.delete(key);
    }
  }

  /** Agents keep the names that they have, unless the process has come to run one of that name itself. */
  #name({ names, report }: Member): void {
    const agents = new Set([report.self, ...report.series.map(({ labels }) => labels.agent)]);
    const own = new Set(this.#ownNames());
    for (const [agent, shown] of names) if (!agents.has(agent) || own.has(shown)) names.delete(agent);
    const taken = new Set(own);
    for (const member of this.#members.values()) for (const shown of member.names.values()) taken.add(shown);
    for (const agent of agents) {
      if (names.has(agent)) continue;
      const shown = freeName(agent, taken);
      names.set(agent, shown);
      taken.add(shown);
    }
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}#${number}`)) number += 1;
  return `${name}#${number}`;
}
