import { basename, extname } from "node:path";
import * as threads from "node:worker_threads";
import { isMainThread, threadId } from "node:worker_threads";
import { Environment } from "../config/environment.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import { resolveOptions } from "../config/resolve-options.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { realSurroundings } from "../measure/surroundings.ts";
import { detectedServiceName } from "../otel/resource.ts";
import { listenToChildren, type ParentProcess, parentOf } from "../processes/child-processes.ts";
import { ReportConnection } from "../processes/report-connection.ts";
import { Reporter } from "../processes/reporter.ts";
import { answerFromThread, listenToThreads, reportFromThread } from "../processes/threads.ts";
import { Runtime } from "../run/runtime.ts";
import { scriptOfPm2 } from "../system/pm2.ts";
import { processPartOf, threadCpuUsage, threadMemory } from "../system/system-sampler.ts";

/** The name of a thread that was given none. */
const UNNAMED_THREAD = "WorkerThread";

/** A runtime, and its place among the threads and processes around it. */
export interface PlacedRuntime {
  readonly runtime: Runtime;
  /** Whether another process, or the main thread, shows what it measures. */
  readonly isMember: boolean;
  /**
   * Whether that needs a last report when this one ends. All but what was used today leaves with a child
   * process anyway.
   */
  readonly needsLastReport: boolean;
  /** Resolves to whether the runtime has to listen itself. If not, it has begun to report. */
  settle(): Promise<boolean>;
  /** Sends a last report and closes its connections. */
  leave(): Promise<void>;
}

/**
 * Creates the runtime that the variables specify.
 *
 * | where | shown as |
 * |---|---|
 * | a worker thread | an agent of its own, by its process |
 * | a child process whose port is that of its parent | an agent of its own, by its parent |
 * | any other process | itself |
 */
export function createRuntime(environment: NodeJS.ProcessEnv): PlacedRuntime {
  if (!isMainThread) return new ThreadRuntime(environment);
  const parent = parentThatShows(environment);
  if (parent === undefined) return new ProcessRuntime(environment);
  return new ChildRuntime(environment, parent);
}

/**
 * The process that started this one, if it shows this one. A child with another port serves its own
 * endpoint.
 */
function parentThatShows(environment: NodeJS.ProcessEnv): ParentProcess | undefined {
  const parent = parentOf(environment);
  if (parent === undefined) return undefined;
  // The runtime reads the same options again, and logs what is wrong with them.
  const { exporters, port } = resolveOptions({}, { environment, readFile: readConfigFile, warn: () => {} });
  return exporters.includes("prometheus") && port === parent.port ? parent : undefined;
}

/** A process that no other process shows. */
class ProcessRuntime implements PlacedRuntime {
  readonly runtime: Runtime;
  readonly #stopListening: readonly (() => void)[];

  constructor(environment: NodeJS.ProcessEnv, agentName?: string) {
    this.runtime = new Runtime(agentName === undefined ? {} : { agentName });
    this.#stopListening = [
      listenToThreads(this.runtime.processGroup.members),
      receiveChildren(this.runtime, environment),
    ];
  }

  get isMember(): boolean {
    return false;
  }

  get needsLastReport(): boolean {
    return this.isMember && this.runtime.pipeline.instruments.consumption.changes > 0;
  }

  async settle(): Promise<boolean> {
    return true;
  }

  async leave(): Promise<void> {
    for (const stop of this.#stopListening) stop();
  }
}

/**
 * A child process that its parent shows. It listens itself if the parent does not answer, or ends.
 */
class ChildRuntime extends ProcessRuntime {
  readonly #connection: ReportConnection;

  constructor(environment: NodeJS.ProcessEnv, parent: ParentProcess) {
    super(environment, nameOfChild(environment, parent));
    this.#connection = new ReportConnection(
      parent.path,
      (isStalled) => void this.#onParentLost(isStalled),
      this.runtime.processGroup.answering,
    );
  }

  override get isMember(): boolean {
    return this.runtime.processGroup.isMember;
  }

  override async settle(): Promise<boolean> {
    if (!(await this.#connection.connect())) return true;
    const { defaultAgent } = this.runtime.pipeline.instruments;
    log.info(`shown as ${defaultAgent} by the process that started this one`);
    await this.#report();
    return false;
  }

  override async leave(): Promise<void> {
    await this.#connection.close();
    await super.leave();
  }

  async #report(): Promise<void> {
    const { processGroup } = this.runtime;
    const reporter = processGroup.reporterTo(this.#connection);
    processGroup.reporterToParent = reporter;
    await reporter.start();
  }

  /** A parent that waits for something, such as in `spawnSync`, still has the port. */
  async #onParentLost(isStalled: boolean): Promise<void> {
    this.runtime.processGroup.reporterToParent = undefined;
    if (isStalled && (await this.#connection.connect())) await this.#report();
    else await this.runtime.exporters.start();
  }
}

/** A worker thread, which the main thread shows. */
class ThreadRuntime implements PlacedRuntime {
  readonly runtime: Runtime;
  readonly isMember = true;
  readonly needsLastReport = true;
  readonly #reporter: Reporter;
  readonly #stopAnswering: () => void;

  constructor(environment: NodeJS.ProcessEnv) {
    const self = nameOfThread(environment);
    const surroundings = realSurroundings({ processCpuUsage: threadCpuUsage, residentSetSize: threadMemory });
    this.runtime = new Runtime(
      { agentName: self, exporters: [], history: "memory" },
      { ...surroundings, sample: async () => processPartOf(await surroundings.sample()) },
    );
    this.runtime.pipeline.unselected.silentWhile(() => true);
    this.#reporter = new Reporter({
      self,
      producers: [this.runtime.pipeline.producer],
      everyMillis: this.runtime.pipeline.options.collectionIntervalMillis,
      sink: { send: reportFromThread },
      used: () => this.runtime.processGroup.used(),
    });
    this.#stopAnswering = answerFromThread(this.runtime.processGroup.answering);
  }

  async settle(): Promise<boolean> {
    await this.#reporter.start();
    return false;
  }

  async leave(): Promise<void> {
    this.#stopAnswering();
    await this.#reporter.reportLast();
  }
}

/**
 * Receives the reports of child processes, if this process listens on a port that is known before.
 */
function receiveChildren(runtime: Runtime, environment: NodeJS.ProcessEnv): () => void {
  const port = runtime.exporters.endpoint?.port;
  if (port === undefined || port === 0 || process.permission?.has("child") === false) return () => {};
  const agent = new Environment(environment).agentName;
  const self = {
    port,
    name: runtime.pipeline.instruments.defaultAgent,
    ...(agent === undefined ? {} : { agent }),
  };
  try {
    return listenToChildren(runtime.processGroup.members, self, environment);
  } catch (error) {
    log.warn(`child processes can't report to this process: ${messageOf(error)}`);
    return () => {};
  }
}

/** `parent/script`. A child that sets `OTEL_FORECAST_AGENT` itself keeps that name: `undefined`. */
function nameOfChild(environment: NodeJS.ProcessEnv, parent: ParentProcess): string | undefined {
  const named = new Environment(environment).agentName;
  if (named !== undefined && named !== parent.agent) return undefined;
  const script = scriptOfPm2(environment) ?? process.argv[1] ?? "node";
  return `${parent.name}/${basename(script, extname(script))}`;
}

/** `process/thread`. For a thread without a name, the thread is its number. */
function nameOfThread(environment: NodeJS.ProcessEnv): string {
  // Newer than the oldest Node that this package runs on.
  const { threadName } = threads as { threadName?: string | null };
  const isNamed = typeof threadName === "string" && !["", UNNAMED_THREAD].includes(threadName);
  const variables = new Environment(environment);
  return `${variables.agentName || detectedServiceName(variables)}/${isNamed ? threadName : threadId}`;
}
