import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { AgentBook } from "../../agents/agent-book.ts";
import type { ResolvedOptions } from "../../config/options.ts";
import { kindOfError } from "../../core/error-type.ts";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { withShortNames } from "../../core/short-name.ts";
import { kindOf } from "../../core/text-of.ts";
import type { Steps } from "../../core/yielding-runner.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import type { AgentMetrics, SystemMetrics } from "../../metrics/recorded-fields.ts";
import { CollectionReader } from "../../otel/collection-reader.ts";
import { PROCESS_SCOPE, RUNTIME_SCOPE, TASK_SCOPE, TODAY_SCOPE } from "../../otel/scopes.ts";
import { localClock } from "../../series/local-clock.ts";
import type { Surroundings } from "../surroundings.ts";
import { AgentConsumption } from "./agent-consumption.ts";
import { AgentRecorder } from "./agent-recorder.ts";
import { AgentRuns } from "./agent-runs.ts";
import { priceTable } from "./prices.ts";
import { RecordedMetrics, type RecordedNumber } from "./recorded-metrics.ts";
import { RuntimeInstruments } from "./runtime-instruments.ts";
import { observeSystem } from "./system-instruments.ts";

/** Attribute sets of all instruments that do not measure agents. */
const OTHER_ATTRIBUTE_SETS = 2000;

/**
 * Our own instruments, on a meter provider with one reader. So callbacks that reset what they read
 * run once for each collection. What the reader collects is published from the ledger
 * (`CumulativeSeries`). What agents do, and numbers that are recorded by hand, have no OpenTelemetry
 * instruments: see `collect`.
 */
export class OwnInstruments {
  readonly provider: MeterProvider;
  readonly reader: CollectionReader;
  readonly book: AgentBook;
  readonly recorder: AgentRecorder;
  readonly consumption: AgentConsumption;
  readonly runs: AgentRuns;
  /** The heap and the event loop of this thread; `undefined` if the process is not measured. */
  readonly runtime: RuntimeInstruments | undefined;
  readonly #recorded: RecordedMetrics;
  readonly #skips: SkipLog;
  readonly #surroundings: Surroundings;
  readonly #namedAgent: string | undefined;
  #processAgent: string | undefined;

  /**
   * @param surroundings their clock is that of the book of agents.
   * @param dayNow returns the epoch milliseconds that decide when a day begins.
   * @param measuresProcess whether this process and its machine are measured.
   */
  constructor(
    options: ResolvedOptions,
    surroundings: Surroundings,
    skips: SkipLog,
    dayNow: () => number = surroundings.now,
    measuresProcess = true,
  ) {
    const { namespace, maxSeries, windowMillis } = options;
    this.#skips = skips;
    this.#surroundings = surroundings;
    this.#namedAgent = options.agentName;
    const maxAttributeSets = 2 * maxSeries + OTHER_ATTRIBUTE_SETS;
    this.reader = new CollectionReader({ maxAttributeSets });
    this.provider = new MeterProvider({ resource: surroundings.resource, readers: [this.reader] });
    const { now, currentTrace } = surroundings;
    const limits = { windowMillis, maxAgents: maxSeries, currentTrace };
    this.recorder = new AgentRecorder({ ...limits, namespace, skips, now });
    this.book = this.recorder.book;
    const meters = {
      agents: this.provider.getMeter(TASK_SCOPE),
      today: this.provider.getMeter(TODAY_SCOPE),
    };
    this.runs = new AgentRuns(namespace);
    this.consumption = new AgentConsumption(meters, namespace, {
      book: this.book,
      priceOf: priceTable(options.prices, skips),
      skips,
      maxAgents: maxSeries,
      clock: options.timeZone === undefined ? undefined : localClock(options.timeZone),
      now: dayNow,
      bookNow: now,
    });
    this.#recorded = new RecordedMetrics({ maxLevels: maxAttributeSets, namespace, skips });
    if (!measuresProcess) return;
    observeSystem({
      meter: this.provider.getMeter(PROCESS_SCOPE),
      namespace,
      sample: surroundings.sample,
      agentOfProcess: () => this.#processAgent,
    });
    this.runtime = new RuntimeInstruments(this.provider.getMeter(RUNTIME_SCOPE), {
      namespace,
      sources: surroundings,
      agent: () => this.runtimeAgent,
    });
  }

  /**
   * The agent of work that names no agent: the agent of the options, else the name of the service.
   */
  get defaultAgent(): string {
    return this.#namedAgent ?? this.#surroundings.serviceName;
  }

  /** The agent that the process is; `undefined` if several agents share it. */
  get processAgent(): string | undefined {
    return this.#processAgent;
  }

  /** The agent that the heap and the event loop belong to, also if several agents share them. */
  get runtimeAgent(): string {
    return this.#processAgent ?? this.defaultAgent;
  }

  /** What was recorded since the previous call, as far as no OpenTelemetry instrument is used. */
  *collect(): Steps<MeasuredMetric[]> {
    const work = yield* this.recorder.collect();
    return [...work, ...this.consumption.collect(), ...this.runs.collect(), ...this.#recorded.collect()];
  }

  /** Decides again which agent the process is. */
  settleProcessAgent(): void {
    const { serviceName } = this.#surroundings;
    this.#processAgent = agentOfProcess(this.#namedAgent, serviceName, this.book.agentNames);
  }

  recordSystem(metrics: SystemMetrics): RecordedNumber[] {
    return this.#safely("system metrics", metrics, () => this.#recorded.recordSystem(metrics));
  }

  recordAgent(given: AgentMetrics): RecordedNumber[] {
    return this.#safely("agent metrics", given, () => {
      const metrics = withShortNames(given, () => this.#skips.skip("long_name", "agentName was cut"));
      const resources = this.#recorded.consumption(metrics);
      const taken = this.book.recordResources(metrics.agentName, resources, this.#surroundings.now());
      if (taken.dropped === undefined) return this.#recorded.recordAgent(metrics);
      this.#skips.skip(taken.dropped, "agent metrics");
      return [];
    });
  }

  /**
   * Anything else than an object, and an object that cannot be read, is counted and does not throw.
   */
  #safely(kind: string, given: unknown, record: () => RecordedNumber[]): RecordedNumber[] {
    try {
      if (typeof given === "object" && given !== null) return record();
      this.#skips.skip("not_an_object", `${kind} were given as ${kindOf(given)}`);
    } catch (error) {
      this.#skips.skipThrown("unreadable", `${kind}: ${kindOfError(error)}`, error);
    }
    return [];
  }
}

/**
 * Which agent the process is: the agent of the options; else the only agent that is known; else the
 * agent with the name of the service, if it is known or no agent is. Otherwise several agents share
 * the process, and it is none of them.
 */
export function agentOfProcess(
  named: string | undefined,
  serviceName: string,
  knownAgents: readonly string[],
): string | undefined {
  if (named !== undefined) return named;
  if (knownAgents.length === 0) return serviceName;
  if (knownAgents.length === 1) return knownAgents[0];
  return knownAgents.includes(serviceName) ? serviceName : undefined;
}
