import type { Surroundings } from "../measure/surroundings.ts";
import { isWorkerProcess, MeetingPlace } from "../processes/meeting-place.ts";
import { MemberReporter, type WayOfReports } from "../processes/member-reporter.ts";
import { Members } from "../processes/members.ts";
import { OwnWork } from "../processes/own-work.ts";
import { WorkerGroup } from "../processes/worker-group.ts";
import { Workers } from "../processes/workers.ts";
import type { WayOut } from "./exporters.ts";
import type { ForecastPipeline } from "./forecast-pipeline.ts";

/** A member that was not heard of for so many intervals, and a moment, is gone. */
const MISSED_REPORTS = 3;
const MOMENT_MILLIS = 5000;

/** What a process is to the threads and processes around it: it shows them, or another process shows it. */
export class Fellowship {
  /** Those that this process shows. */
  readonly members: Members;
  readonly #pipeline: ForecastPipeline;
  readonly #work: OwnWork;
  readonly #group: WorkerGroup | undefined;
  readonly #isWorker: boolean;
  #reporterToParent: MemberReporter | undefined;

  constructor(pipeline: ForecastPipeline, wayOut: WayOut, { now, environment }: Surroundings) {
    const { endpoint } = wayOut;
    const { collectionIntervalMillis: everyMillis, host, port } = pipeline.options;
    const workers = new Workers();
    this.#pipeline = pipeline;
    this.#isWorker = isWorkerProcess(environment);
    this.members = new Members({
      now,
      expiryMillis: MISSED_REPORTS * everyMillis + MOMENT_MILLIS,
      ownNames: () => [pipeline.processAgent, ...pipeline.book.agentNames],
      workers,
    });
    this.#work = new OwnWork({
      workers,
      shown: async () => (await endpoint?.shownByReaders()) ?? [],
      onDropped: (metrics) =>
        pipeline.skips.skip("report_dropped", "the process that shows this one takes no reports", metrics),
    });
    pipeline.shareApplication((measured) => this.#work.share(measured));
    wayOut.addProducer(this.members);
    if (endpoint === undefined) return;
    const parts = { endpoint, workers, members: this.members, work: this.#work, everyMillis };
    endpoint.joinFellows(workers);
    if (!this.#isWorker || port === 0) return;
    const place = new MeetingPlace({ host, port }, environment);
    this.#group = new WorkerGroup({ ...parts, place, reporterBy: (way) => this.reporterBy(way) });
    endpoint.joinFellows(this.#group);
  }

  /** Whether another process shows this one. */
  get isMember(): boolean {
    return this.#reporterToParent !== undefined || this.#group?.isMember === true;
  }

  /** Whether other processes do the same work, which one of them shows. */
  get hasFellows(): boolean {
    return this.#group !== undefined;
  }

  /** What reports to the process that has started this one, for as long as that shows it. */
  set reporterToParent(reporter: MemberReporter | undefined) {
    this.#reporterToParent?.stop();
    this.#reporterToParent = reporter;
    this.#work.isTold = reporter !== undefined && this.#isWorker;
  }

  /** What reports of this process, and of those that it shows, by the way that is given. */
  reporterBy(way: WayOfReports): MemberReporter {
    return new MemberReporter({
      self: this.#pipeline.processAgent,
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
