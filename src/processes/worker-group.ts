import { clearInterval, setInterval } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";
import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import type { FellowProcesses } from "../prometheus/port-sharing.ts";
import type { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import type { ChildAgents } from "./child-agents.ts";
import type { ChildReporter, ReportSink } from "./child-reporter.ts";
import type { GroupSocket } from "./group-socket.ts";
import type { OwnWork } from "./own-work.ts";
import { ReportLine, ReportSocket } from "./report-line.ts";
import { readState, type Workers, type WorkersState } from "./workers.ts";

/** Waits between attempts to reach the process that has the port: it may have it since just now. */
const ATTEMPTS_MILLIS = [0, 50, 100, 200, 400];
/** The one that knows the totals of all goes first when the process that had the port ends. */
const LATER_MILLIS = 1000;

/**
 * The workers of a cluster that want one port. The first that gets it shows all of them; each of the others reports to it.
 * When it ends, the one that has been there longest takes the port and goes on with the totals.
 */
export class WorkerGroup implements FellowProcesses {
  readonly #place: GroupSocket;
  readonly #endpoint: PrometheusEndpoint;
  readonly #members: ChildAgents;
  readonly #workers: Workers;
  readonly #work: OwnWork;
  readonly #reporter: ChildReporter;
  readonly #everyMillis: number;
  #line: ReportLine | undefined;
  #socket: ReportSocket | undefined;
  #bequest: NodeJS.Timeout | undefined;
  /** What the process that has the port has told, should this one have to go on. */
  #will: string | undefined;
  #hasLeft = false;

  constructor(parts: {
    place: GroupSocket;
    endpoint: PrometheusEndpoint;
    members: ChildAgents;
    workers: Workers;
    work: OwnWork;
    everyMillis: number;
    /** Makes what reports to the process that has the port. */
    reporterBy: (way: ReportSink) => ChildReporter;
  }) {
    this.#place = parts.place;
    this.#endpoint = parts.endpoint;
    this.#members = parts.members;
    this.#workers = parts.workers;
    this.#work = parts.work;
    this.#everyMillis = parts.everyMillis;
    const group = this;
    this.#reporter = parts.reporterBy({
      get isFree() {
        return group.#line?.isFree === true;
      },
      send: (report) => this.#line?.send(report),
    });
  }

  /** Whether another process shows this one. */
  get isMember(): boolean {
    return this.#line !== undefined;
  }

  sumWith(shown: readonly ScopeMetrics[]): readonly ScopeMetrics[] | undefined {
    return this.#workers.sumWith(shown);
  }

  async isShownByOwner(): Promise<boolean> {
    // One that is to go on has the port next, as soon as the system has taken it from the process that ended.
    for (const millis of this.#will === undefined ? ATTEMPTS_MILLIS : [0]) {
      await delay(millis, undefined, { ref: false });
      if (this.#hasLeft) return false;
      const line = new ReportLine(
        this.#place.path,
        () => void this.#isLost(),
        (will) => {
          this.#will = will;
        },
      );
      if (!(await line.connect())) continue;
      this.#line = line;
      this.#work.isTold = true;
      // Another worker took the port first, and may not know the totals. This one hands them over.
      this.#work.will = this.#will;
      this.#will = undefined;
      log.info(`shown by another worker, at ${this.#endpoint.url}/metrics`);
      void this.#reporter.start();
      return true;
    }
    return false;
  }

  ownsPort(): void {
    if (this.#socket !== undefined) return;
    const state = this.#will === undefined ? undefined : readState(this.#will);
    this.#workers.isWorker(this.#work.id, state?.number);
    if (state !== undefined) this.#workers.goOnFrom(state);
    this.#socket = new ReportSocket(this.#members, "worker");
    this.#takeOthers(this.#socket).catch((error: unknown) => {
      log.warn(`the other workers of this cluster can't be shown: ${messageOf(error)}`);
    });
  }

  /** Tells for the last time what there is to tell: while the port, where it is this process's, is still held. */
  async sayLast(): Promise<void> {
    this.#hasLeft = true;
    this.#reporter.stop();
    clearInterval(this.#bequest);
    if (this.#line !== undefined) await this.#reporter.report();
    await this.#bequeath();
    this.#socket?.shutDoor();
  }

  async leave(): Promise<void> {
    this.#socket?.close();
    const line = this.#line;
    this.#line = undefined;
    await line?.close();
  }

  async #takeOthers(socket: ReportSocket): Promise<void> {
    this.#place.clear();
    await socket.listen(this.#place.path);
    this.#bequest = setInterval(() => void this.#bequeath(), this.#everyMillis);
    this.#bequest.unref();
  }

  async #bequeath(): Promise<void> {
    const { heir } = this.#workers;
    if (this.#socket === undefined || heir === undefined) return;
    const self = { id: this.#work.id, shown: await this.#work.shown() };
    this.#socket.tell(heir.line, this.#workers.stateFor(heir.number, self) satisfies WorkersState);
  }

  async #isLost(): Promise<void> {
    this.#line = undefined;
    this.#work.isTold = false;
    this.#reporter.stop();
    if (this.#will === undefined) await delay(LATER_MILLIS, undefined, { ref: false });
    if (!this.#hasLeft) await this.#endpoint.listenAgain();
  }
}
