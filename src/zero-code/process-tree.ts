import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import * as threads from "node:worker_threads";
import { isMainThread, threadId } from "node:worker_threads";
import { Environment } from "../config/environment.ts";
import { resolveOptions } from "../config/resolve-options.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { realSurroundings } from "../measure/surroundings.ts";
import { detectedServiceName } from "../otel/resource.ts";
import { listenToChildren, type ParentProcess, parentOf } from "../processes/child-line.ts";
import { ChildReporter } from "../processes/child-reporter.ts";
import { ofProcessAlone } from "../processes/process-alone.ts";
import { ReportLine } from "../processes/report-line.ts";
import { listenToThreads, reportFromThread } from "../processes/thread-line.ts";
import { Runtime } from "../run/runtime.ts";
import { scriptOfPm2 } from "../system/pm2.ts";
import { threadCpuUsage, threadMemory } from "../system/thread-usage.ts";

/** The name that Node gives a thread which was given none. */
const UNNAMED_THREAD = "WorkerThread";

/** A runtime, and what it is to the threads and processes around it. */
export interface FamilyRuntime {
  readonly runtime: Runtime;
  /** Settles with whether the runtime has to listen itself; what it measures is shown elsewhere otherwise. */
  settle(): Promise<boolean>;
  /** Whether what it measures is shown elsewhere. */
  isMember(): boolean;
  /** Reports once more and leaves. */
  leave(): Promise<void>;
}

/**
 * The runtime that the variables ask for. A worker thread is an agent of its own that is shown by the process; a child
 * process that asks for the port of the process which has started it is one that is shown by that process.
 */
export function createFamilyRuntime(environment: NodeJS.ProcessEnv): FamilyRuntime {
  if (!isMainThread) return ofThread(environment);
  const parent = parentThatShows(environment);
  const named = new Environment(environment).agentName;
  const isGivenName = parent !== undefined && named !== undefined && named !== parent.agent;
  const self =
    parent === undefined || isGivenName ? undefined : `${parent.name}/${nameOfScript(environment)}`;
  return ofProcess(parent, self, environment);
}

/** The process that has started this one, where it shows it: not one that goes its own way. */
function parentThatShows(environment: NodeJS.ProcessEnv): ParentProcess | undefined {
  const parent = parentOf(environment);
  if (parent === undefined) return undefined;
  const readFile = (path: string): string => readFileSync(path, "utf8");
  // What can't be used is told of by the runtime.
  const { exporters, port } = resolveOptions({}, { environment, readFile, warn: () => {} });
  return exporters.includes("prometheus") && port === parent.port ? parent : undefined;
}

function ofThread(environment: NodeJS.ProcessEnv): FamilyRuntime {
  // Newer than the oldest Node that this package runs on.
  const { threadName } = threads as { threadName?: string | null };
  const isNamed = typeof threadName === "string" && !["", UNNAMED_THREAD].includes(threadName);
  const self = `${new Environment(environment).agentName || detectedServiceName()}/${isNamed ? threadName : threadId}`;
  const surroundings = realSurroundings({ processCpuUsage: threadCpuUsage, residentSetSize: threadMemory });
  const runtime = new Runtime(
    { agentName: self, exporters: [], history: "memory" },
    { ...surroundings, sample: async () => ofProcessAlone(await surroundings.sample()) },
  );
  const reporter = new ChildReporter({
    self,
    producers: [runtime.pipeline.producer],
    everyMillis: runtime.pipeline.options.collectionIntervalMillis,
    way: { send: reportFromThread },
  });
  return {
    runtime,
    isMember: () => true,
    settle: async () => {
      await reporter.start();
      return false;
    },
    leave: async () => {
      reporter.stop();
      await reporter.report();
    },
  };
}

function ofProcess(
  parent: ParentProcess | undefined,
  self: string | undefined,
  environment: NodeJS.ProcessEnv,
): FamilyRuntime {
  const runtime = new Runtime(self === undefined ? {} : { agentName: self });
  const { pipeline, exporters, processGroup } = runtime;
  const stops = [listenToThreads(processGroup.members), ...takeChildren(runtime, environment)];
  const stop = (): void => {
    for (const stopOne of stops) stopOne();
  };
  if (parent === undefined) {
    return { runtime, isMember: () => false, settle: async () => true, leave: async () => stop() };
  }
  const line = new ReportLine(parent.path, () => {
    processGroup.reporterToParent = undefined;
    void exporters.start();
  });
  const reporter = processGroup.reporterBy(line);
  return {
    runtime,
    isMember: () => processGroup.isMember,
    settle: async () => {
      if (!(await line.connect())) return true;
      processGroup.reporterToParent = reporter;
      log.info(`shown as ${pipeline.instruments.defaultAgent} by the process that started this one`);
      await reporter.start();
      return false;
    },
    leave: async () => {
      await line.close();
      stop();
    },
  };
}

/** Children of a process that listens on a port that is known may report to it. */
function takeChildren(runtime: Runtime, environment: NodeJS.ProcessEnv): (() => void)[] {
  const port = runtime.exporters.endpoint?.port;
  if (port === undefined || port === 0 || process.permission?.has("child") === false) return [];
  const agent = new Environment(environment).agentName;
  const self = {
    port,
    name: runtime.pipeline.instruments.defaultAgent,
    ...(agent === undefined ? {} : { agent }),
  };
  try {
    return [listenToChildren(runtime.processGroup.members, self, environment)];
  } catch (error) {
    log.warn(`child processes can't report to this one: ${messageOf(error)}`);
    return [];
  }
}

function nameOfScript(environment: NodeJS.ProcessEnv): string {
  const script = scriptOfPm2(environment) ?? process.argv[1] ?? "node";
  return basename(script, extname(script));
}
