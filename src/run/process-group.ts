import type { Surroundings } from "../measure/surroundings.ts";
import { ChildAgents } from "../processes/child-agents.ts";
import { ChildReporter, type ReportSink } from "../processes/child-reporter.ts";
import { GroupSocket, isWorkerProcess } from "../processes/group-socket.ts";
import { OwnWork } from "../processes/own-work.ts";
import { WorkerGroup } from "../processes/worker-group.ts";
import { Workers } from "../processes/workers.ts";
import type { Exporters } from "./exporters.ts";
import type { ForecastPipeline } from "./forecast-pipeline.ts";

/** A member that was not heard of for so many intervals, and a moment, is gone. */
const MISSED_REPORTS = 3;
const MOMENT_MILLIS = 5000;

/** What a process is to the threads and processes around it: it shows them, or another process shows it. */
export class ProcessGroup {
  /** Those that this process shows. */
  readonly members: ChildAgents;
  readonly #pipeline: ForecastPipeline;
  readonly #work: OwnWork;
  readonly #group: WorkerGroup | undefined;
  readonly #isWorker: boolean;
  #reporterToParent: ChildReporter | undefined;

  constructor(pipeline: ForecastPipeline, exporters: Exporters, { now, environment }: Surroundings) {
    const { endpoint } = exporters;
    const { collectionIntervalMillis: everyMillis, host, port } = pipeline.options;
    const workers = new Workers();
    this.#pipeline = pipeline;
    this.#isWorker = isWorkerProcess(environment);
    this.members = new ChildAgents({
      now,
      expiryMillis: MISSED_REPORTS * everyMillis + MOMENT_MILLIS,
      ownNames: () => [pipeline.instruments.defaultAgent, ...pipeline.instruments.book.agentNames],
      workers,
    });
    this.#work = new OwnWork({
      workers,
      shown: async () => (await endpoint?.shownByReaders()) ?? [],
      onDropped: (metrics) =>
        pipeline.skips.skip("report_dropped", "the process that shows this one takes no reports", metrics),
    });
    pipeline.readers.share((measured) => this.#work.share(measured));
    exporters.addProducer(this.members);
    if (endpoint === undefined) return;
    const parts = { endpoint, workers, members: this.members, work: this.#work, everyMillis };
    endpoint.joinPeers(workers);
    if (!this.#isWorker || port === 0) return;
    const place = new GroupSocket({ host, port }, environment);
    this.#group = new WorkerGroup({ ...parts, place, reporterBy: (way) => this.reporterBy(way) });
    endpoint.joinPeers(this.#group);
  }

  /** Whether another process shows this one. */
  get isMember(): boolean {
    return this.#reporterToParent !== undefined || this.#group?.isMember === true;
  }

  /** Whether other processes do the same work, which one of them shows. */
  get hasPeers(): boolean {
    return this.#group !== undefined;
  }

  /** What reports to the process that has started this one, for as long as that shows it. */
  set reporterToParent(reporter: ChildReporter | undefined) {
    this.#reporterToParent?.stop();
    this.#reporterToParent = reporter;
    this.#work.isTold = reporter !== undefined && this.#isWorker;
  }

  /** What reports of this process, and of those that it shows, by the way that is given. */
  reporterBy(way: ReportSink): ChildReporter {
    return new ChildReporter({
      self: this.#pipeline.instruments.defaultAgent,
      producers: [this.#pipeline.producer, this.members],
      everyMillis: this.#pipeline.options.collectionIntervalMillis,
      way,
      worker: this.#isWorker ? () => this.#work.report() : undefined,
    });
  }

  /** Before the endpoint closes: tells for the last time what there is to tell. */
  async sayLast(): Promise<void> {
    this.#reporterToParent?.stop();
    await this.#reporterToParent?.report();
    await this.#group?.sayLast();
  }

  /** After it. */
  async leave(): Promise<void> {
    await this.#group?.leave();
  }
}
