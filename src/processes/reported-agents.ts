import type { CollectionResult, Histogram, MetricProducer } from "@opentelemetry/sdk-metrics";
import { readUsedToday, type UsedToday } from "../agents/used-today.ts";
import { ForecastProducer, type PublishedSeries } from "../otel/forecast-producer.ts";
import type { Questions } from "./questions.ts";
import { type Report, readReport } from "./report.ts";
import type { WorkerTotals } from "./worker-totals.ts";

/** Maximum of threads, child processes and workers that are shown at once. */
const MAX_MEMBERS = 256;

interface Member {
  /** The name that each of its agents is shown by, by the name that the member gave it. */
  readonly names: Map<string, string>;
  readonly series: Map<string, PublishedSeries>;
  /** Its last report. */
  report: Report;
  heardAt: number;
  questions: Questions | undefined;
}

/** A member that can be asked. */
export interface AskedMember {
  /** What its thread or process is called. */
  readonly process: string;
  /** The name that each of its agents is shown by, by the name that the member gave it. */
  readonly agents: ReadonlyMap<string, string>;
  /** Resolves to `undefined` if it does not answer. */
  ask(question: unknown): Promise<unknown>;
}

/**
 * The agents that other threads and processes (the members) report to this process. The last report
 * of a member is shown until the member ends, or has not reported for too long. Agents of the same
 * name get a number (`planner#2`), and so does an agent whose name the process itself uses.
 */
export class ReportedAgents implements MetricProducer {
  readonly #producer: ForecastProducer;
  readonly #members = new Map<string, Member>();
  readonly #elapsedMillis: () => number;
  readonly #expiryMillis: number;
  readonly #ownNames: () => readonly string[];
  readonly #workers: WorkerTotals | undefined;
  readonly #onUsed: (id: string, used: readonly UsedToday[]) => void;
  readonly #onGone: (last: Report, why: string) => void;
  readonly #onFull: (max: number) => void;
  #turn = 0;

  /**
   * @param options.now epoch milliseconds.
   * @param options.elapsedMillis milliseconds of a monotonic clock.
   * @param options.expiryMillis a member that has not reported for longer is removed.
   * @param options.ownNames names of the agents that the process itself runs.
   * @param options.workers receives what members measure that are workers of a cluster.
   * @param options.onUsed receives what each member used today. The id is the same over all
   * connections of a member.
   * @param options.onGone receives the last report of a member that is removed, and why it is.
   * @param options.onFull called for each report that is not shown, because as many members as there can be are
   * shown.
   */
  constructor(options: {
    now: () => number;
    elapsedMillis: () => number;
    expiryMillis: number;
    ownNames: () => readonly string[];
    workers?: WorkerTotals;
    onUsed?: (id: string, used: readonly UsedToday[]) => void;
    onGone?: (last: Report, why: string) => void;
    onFull?: (max: number) => void;
  }) {
    this.#workers = options.workers;
    this.#onUsed = options.onUsed ?? (() => {});
    this.#onGone = options.onGone ?? (() => {});
    this.#onFull = options.onFull ?? (() => {});
    this.#elapsedMillis = options.elapsedMillis;
    this.#expiryMillis = options.expiryMillis;
    this.#ownNames = options.ownNames;
    this.#producer = new ForecastProducer(options.now);
  }

  /** The number of reports so far: what members answer changes with it. */
  get turn(): number {
    return this.#turn;
  }

  /** The members, to be asked for more than they report. */
  asked(): AskedMember[] {
    return Array.from(this.#members, ([id, { names, report, questions }]) => {
      const worker = this.#workers?.numberOf(id);
      return {
        process: worker === undefined ? (names.get(report.self) ?? report.self) : `worker ${worker}`,
        agents: names,
        ask: async (question) => questions?.ask(question),
      };
    });
  }

  /**
   * Shows the report of a member. Returns `false` if `given` is no report, or if there are too many
   * members.
   *
   * @param questions by which the member can be asked.
   */
  take(id: string, given: unknown, questions?: Questions): boolean {
    const report = readReport(given);
    if (report === undefined) return false;
    let member = this.#members.get(id);
    if (member === undefined) {
      if (this.#members.size >= MAX_MEMBERS) {
        this.#onFull(MAX_MEMBERS);
        return false;
      }
      member = { names: new Map(), series: new Map(), report, heardAt: 0, questions };
      this.#members.set(id, member);
    }
    member.heardAt = this.#elapsedMillis();
    member.report = report;
    this.#turn += 1;
    this.#show(member);
    if (report.worker !== undefined) this.#workers?.take(id, report.worker);
    if (report.used !== undefined) this.#onUsed(report.used.id, readUsedToday(report.used.today).used);
    return true;
  }

  remove(id: string): void {
    this.#remove(id, `its ${kindOf(id)} has ended`);
  }

  collect(): Promise<CollectionResult> {
    for (const [id, { heardAt }] of this.#members) {
      if (this.#elapsedMillis() - heardAt > this.#expiryMillis)
        this.#remove(id, `its ${kindOf(id)} does not report any more`);
    }
    this.#renameWhereOwnAgentCame();
    return this.#producer.collect();
  }

  #remove(id: string, why: string): void {
    const member = this.#members.get(id);
    for (const series of member?.series.values() ?? []) series.remove();
    this.#members.delete(id);
    this.#workers?.remove(id);
    if (member !== undefined) this.#onGone(member.report, why);
  }

  /**
   * Since the last report, the process may have started an agent whose name a reported agent is
   * shown by.
   */
  #renameWhereOwnAgentCame(): void {
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

  /**
   * Agents keep the names that they are shown by, unless the process itself now runs an agent of
   * that name.
   */
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

/** `thread` of `thread 3`. */
function kindOf(id: string): string {
  const [kind = ""] = id.split(" ");
  return kind === "child" ? "process" : kind;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}#${number}`)) number += 1;
  return `${name}#${number}`;
}
