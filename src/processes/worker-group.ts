import { setTimeout as delay } from "node:timers/promises";
import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { readUsedToday } from "../agents/used-today.ts";
import { log } from "../logging/component-logger.ts";
import type { PeerProcesses } from "../prometheus/port-sharing.ts";
import type { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import { HandoverSender, OUT_OF_DATE, type UseExchange } from "./handover-sender.ts";
import { type HandoverState, isSpare, readHandover } from "./handover-state.ts";
import type { OwnMeasurements } from "./own-measurements.ts";
import type { Answering } from "./questions.ts";
import { ReportConnection, type ReportReceiver, ReportServer } from "./report-connection.ts";
import type { Reporter, ReportSink } from "./reporter.ts";
import { SocketKeeper } from "./socket-keeper.ts";
import type { WorkerSocket } from "./worker-socket.ts";
import type { WorkerTotals } from "./worker-totals.ts";

/**
 * Waits between attempts to connect to the process that has the port, which may have opened it just
 * now.
 */
const ATTEMPTS_MILLIS = [0, 50, 100, 200, 400];
/**
 * When the process with the port ends, its successor tries first: it knows the totals of all.
 * Others wait this long.
 */
const OTHERS_WAIT_MILLIS = 1000;

/** The endpoint of a worker: the part that a group needs. */
type WorkerEndpoint = Pick<PrometheusEndpoint, "url" | "listenAgain">;

/**
 * The workers of a cluster that want one port. The first that gets the port shows all of them, and
 * the others report to it. When it ends, the worker that has been connected longest takes the port,
 * and continues the totals.
 */
export class WorkerGroup implements PeerProcesses {
  readonly #workerSocket: WorkerSocket;
  readonly #endpoint: WorkerEndpoint;
  readonly #receiver: ReportReceiver;
  readonly #workers: WorkerTotals;
  readonly #measurements: OwnMeasurements;
  readonly #use: UseExchange;
  readonly #reporter: Reporter;
  readonly #everyMillis: number;
  readonly #answering: Answering;
  #connection: ReportConnection | undefined;
  #server: ReportServer | undefined;
  #handovers: HandoverSender | undefined;
  #keeper: SocketKeeper | undefined;
  /**
   * What the process with the port sent, for the case that this process is its successor. Kept until
   * the process that has the port now sends another, or that it is out of date.
   */
  #handover: string | undefined;
  #hasLeft = false;
  #lastSent: Promise<void> | undefined;
  #left: Promise<void> | undefined;

  constructor(parts: {
    workerSocket: WorkerSocket;
    endpoint: WorkerEndpoint;
    receiver: ReportReceiver;
    workers: WorkerTotals;
    measurements: OwnMeasurements;
    use: UseExchange;
    everyMillis: number;
    /** Answers the questions of the process with the port. */
    answering: Answering;
    /** Creates the reporter that reports to the process with the port. */
    reporterTo: (sink: ReportSink) => Reporter;
  }) {
    this.#workerSocket = parts.workerSocket;
    this.#endpoint = parts.endpoint;
    this.#receiver = parts.receiver;
    this.#workers = parts.workers;
    this.#measurements = parts.measurements;
    this.#use = parts.use;
    this.#everyMillis = parts.everyMillis;
    this.#answering = parts.answering;
    const group = this;
    this.#reporter = parts.reporterTo({
      get isFree() {
        return group.#connection?.isFree === true;
      },
      send: (report) => this.#connection?.send(report) === true,
    });
  }

  /** Whether another process shows this one. */
  get isMember(): boolean {
    return this.#connection !== undefined;
  }

  sumWith(shown: readonly ScopeMetrics[]): readonly ScopeMetrics[] | undefined {
    return this.#workers.sumWith(shown);
  }

  async isShownByOwner(): Promise<boolean> {
    // A successor tries once: it gets the port as soon as the system has taken it from the process
    // that ended.
    for (const millis of this.#isSuccessor ? [0] : ATTEMPTS_MILLIS) {
      await delay(millis, undefined, { ref: false });
      if (this.#hasLeft) return false;
      if (await this.#connect()) return true;
    }
    return false;
  }

  onPortAcquired(): void {
    if (this.#server !== undefined) return;
    const state = this.#handover === undefined ? undefined : readHandover(this.#handover);
    this.#workers.addSelf(this.#measurements.id, state?.number);
    if (state !== undefined) this.#continueFrom(state);
    this.#handover = this.#measurements.handover = undefined;
    const handovers = new HandoverSender({
      ...{ workers: this.#workers, measurements: this.#measurements, use: this.#use },
      send: (...handover) => this.#server?.send(...handover) === true,
    });
    this.#handovers = handovers;
    this.#server = new ReportServer(handovers.informing(this.#receiver), "worker");
    handovers.start(this.#everyMillis);
    this.#keeper = new SocketKeeper(this.#server, this.#workerSocket);
    this.#keeper.start(this.#everyMillis);
  }

  /** Sends a report or a handover now, beside the interval. */
  async report(): Promise<void> {
    if (this.#connection !== undefined) await this.#reporter.report();
    await this.#handovers?.send();
  }

  /**
   * Sends the last report, or the last handover. A process that has the port must still have it
   * then.
   */
  sendLast(): Promise<void> {
    this.#lastSent ??= this.#sendLast();
    return this.#lastSent;
  }

  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #sendLast(): Promise<void> {
    this.#hasLeft = true;
    this.#keeper?.stop();
    if (this.#connection === undefined) this.#reporter.stop();
    else await this.#reporter.reportLast();
    await this.#handovers?.sendLast();
    this.#server?.stopListening();
  }

  async #leave(): Promise<void> {
    await this.#server?.close();
    const connection = this.#connection;
    this.#connection = undefined;
    this.#measurements.isReported = false;
    await connection?.close();
  }

  get #isSuccessor(): boolean {
    return this.#handover !== undefined && !isSpare(this.#handover);
  }

  /** Whether the process with the port accepts the connection. Then this process reports to it. */
  async #connect(): Promise<boolean> {
    const connection = new ReportConnection(
      this.#workerSocket.path,
      () => void this.#onConnectionLost(),
      this.#answering,
      (message) => this.#onHandover(message),
    );
    if (!(await connection.connect())) return false;
    this.#connection = connection;
    this.#measurements.isReported = true;
    // If this process was the successor, another worker got the port first and may not know the
    // totals.
    this.#measurements.handover = this.#handover;
    log.info(`shown by another worker, at ${this.#endpoint.url}/metrics`);
    void this.#reporter.start();
    return true;
  }

  #continueFrom(state: HandoverState): void {
    this.#workers.continueFrom(state);
    for (const { id, today } of state.used ?? [])
      if (id !== this.#measurements.id) this.#use.take({ id, today: readUsedToday(today).used });
  }

  /** The process with the port answers for the totals, once it has got the handover of this one. */
  #onHandover(message: string): void {
    if (this.#measurements.handover !== undefined) return;
    this.#handover = message === OUT_OF_DATE ? undefined : message;
  }

  async #onConnectionLost(): Promise<void> {
    this.#connection = undefined;
    this.#measurements.isReported = false;
    this.#reporter.stop();
    if (!this.#isSuccessor) await delay(OTHERS_WAIT_MILLIS, undefined, { ref: false });
    if (!this.#hasLeft) await this.#endpoint.listenAgain();
  }
}
