import type { UsedByMember } from "../agents/used-today.ts";
import { logEndsElsewhere } from "../alerts/log-change.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { OwnMeasurements } from "../processes/own-measurements.ts";
import type { Answering } from "../processes/questions.ts";
import type { Report } from "../processes/report.ts";
import { ReportedAgents } from "../processes/reported-agents.ts";
import { Reporter, type ReportSink } from "../processes/reporter.ts";
import { WorkerGroup } from "../processes/worker-group.ts";
import { isWorkerProcess, WorkerSocket } from "../processes/worker-socket.ts";
import { WorkerTotals } from "../processes/worker-totals.ts";
import { answerTo } from "../status/member-questions.ts";
import type { Exporters } from "./exporters.ts";
import type { ForecastPipeline } from "./forecast-pipeline.ts";

/** A member is removed when it has not reported for this many intervals, and a little longer. */
const MISSED_REPORTS = 3;
const DELAY_MILLIS = 5000;

/**
 * The process among the threads and processes around it: it shows them (its members), or another
 * process shows it.
 */
export class ProcessGroup {
  /** The agents of the members that this process shows. */
  readonly members: ReportedAgents;
  /** Answers a process that shows this one. */
  readonly answering: Answering;
  readonly #pipeline: ForecastPipeline;
  readonly #measurements: OwnMeasurements;
  readonly #group: WorkerGroup | undefined;
  readonly #isWorker: boolean;
  #reporterToParent: Reporter | undefined;

  constructor(pipeline: ForecastPipeline, exporters: Exporters, { environment }: Surroundings) {
    const { endpoint } = exporters;
    const { collectionIntervalMillis: everyMillis, host, port } = pipeline.options;
    const { consumption } = pipeline.instruments;
    const workers = new WorkerTotals();
    this.#pipeline = pipeline;
    this.#isWorker = isWorkerProcess(environment);
    this.members = new ReportedAgents({
      now: () => pipeline.clock.now(),
      elapsedMillis: () => pipeline.clock.ranMillis(),
      expiryMillis: MISSED_REPORTS * everyMillis + DELAY_MILLIS,
      ownNames: () => [pipeline.instruments.defaultAgent, ...pipeline.instruments.book.agentNames],
      workers,
      onUsed: (id, used) => consumption.takeMember(id, used),
      onGone: ({ series }, why) => logEndsElsewhere(series, why),
      onFull: (max) =>
        pipeline.skips.skip(
          "max_members",
          `the report of a thread or process: ${max} others are shown, which is the maximum`,
        ),
    });
    this.#measurements = new OwnMeasurements({
      workers,
      shown: async () => (await endpoint?.shownByReaders()) ?? [],
      onDropped: (metrics) =>
        pipeline.skips.skip(
          "report_dropped",
          "the process that shows this one does not take its reports",
          metrics,
        ),
    });
    pipeline.unselected.silentWhile(() => this.isMember);
    pipeline.readers.share((measured) => this.#measurements.share(measured));
    exporters.addProducer(this.members);
    exporters.status.readToo(this.members);
    this.answering = (question) => answerTo(exporters.status, question);
    if (endpoint === undefined) return;
    const parts = {
      endpoint,
      workers,
      receiver: this.members,
      measurements: this.#measurements,
      use: {
        byEach: (id: string) => consumption.usedByEach(id),
        take: ({ id, today }: UsedByMember) => consumption.takeMember(id, today),
      },
      everyMillis,
      answering: this.answering,
    };
    endpoint.joinPeers(workers);
    if (!this.#isWorker || port === 0) return;
    const workerSocket = new WorkerSocket({ host, port }, environment);
    this.#group = new WorkerGroup({ ...parts, workerSocket, reporterTo: (sink) => this.reporterTo(sink) });
    endpoint.joinPeers(this.#group);
  }

  /** Whether another process shows this one. */
  get isMember(): boolean {
    return this.#reporterToParent !== undefined || this.#group?.isMember === true;
  }

  /** Whether other processes do the same work, and one of them shows all. */
  get hasPeers(): boolean {
    return this.#group !== undefined;
  }

  /**
   * The reporter to the process that started this one, for as long as that process shows this one.
   */
  set reporterToParent(reporter: Reporter | undefined) {
    this.#reporterToParent?.stop();
    this.#reporterToParent = reporter;
    this.#measurements.isReported = reporter !== undefined && this.#isWorker;
  }

  /** Creates a reporter of this process and of its members. */
  reporterTo(sink: ReportSink): Reporter {
    return new Reporter({
      self: this.#pipeline.instruments.defaultAgent,
      producers: [this.#pipeline.producer, this.members],
      everyMillis: this.#pipeline.options.collectionIntervalMillis,
      sink,
      worker: this.#isWorker ? () => this.#measurements.report() : undefined,
      onUnsent: (worker) => this.#measurements.takeBack(worker),
      used: () => this.used(),
    });
  }

  /** What this process and its members used today, to be reported. */
  used(): Report["used"] {
    const { consumption } = this.#pipeline.instruments;
    return { id: this.#measurements.id, today: consumption.usedByEverything() };
  }

  /** Reports now, beside the interval. */
  async report(): Promise<void> {
    await this.#reporterToParent?.report();
    await this.#group?.report();
  }

  /** Sends the last reports. Call it before the endpoint closes. */
  async sendLast(): Promise<void> {
    await this.#reporterToParent?.reportLast();
    await this.#group?.sendLast();
  }

  /** Closes the connections. Call it after the endpoint has closed. */
  async leave(): Promise<void> {
    await this.#group?.leave();
  }
}
