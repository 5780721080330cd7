import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import * as threads from "node:worker_threads";
import { isMainThread, threadId } from "node:worker_threads";
import { diag } from "@opentelemetry/api";
import { messageOf } from "./core/text-of.ts";
import { listenToChildren, ParentLine, type ParentProcess, parentOf } from "./pipeline/members/child-line.ts";
import { MemberReporter } from "./pipeline/members/member-reporter.ts";
import { Members } from "./pipeline/members/members.ts";
import { listenToThreads, reportFromThread } from "./pipeline/members/thread-line.ts";
import type { ForecastOptions } from "./pipeline/options/options.ts";
import { resolveOptions } from "./pipeline/options/resolve-options.ts";
import { Runtime } from "./pipeline/runtime.ts";
import { realSurroundings } from "./pipeline/surroundings.ts";
import { threadCpuUsage, threadMemory } from "./system/thread-usage.ts";
import { detectedServiceName } from "./telemetry/resource.ts";

/** The name that Node gives a thread which was given none. */
const UNNAMED_THREAD = "WorkerThread";
/** A member that was not heard of for so many intervals, and a moment, is gone. */
const MISSED_REPORTS = 3;
const MOMENT_MILLIS = 5000;

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
  const named = environment.OTEL_FORECAST_AGENT;
  const isGivenName = parent !== undefined && named !== undefined && named !== parent.agent;
  const self = parent === undefined || isGivenName ? undefined : `${parent.name}/${nameOfScript()}`;
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
  const self = `${environment.OTEL_FORECAST_AGENT || detectedServiceName()}/${isNamed ? threadName : threadId}`;
  const surroundings = realSurroundings({ processCpuUsage: threadCpuUsage, residentSetSize: threadMemory });
  const runtime = new Runtime(
    { agentName: self, exporters: [], history: "memory" },
    { ...surroundings, sample: async () => ofProcessAlone(await surroundings.sample()) },
  );
  const reporter = new MemberReporter({
    self,
    producers: [runtime.pipeline.producer],
    everyMillis: runtime.pipeline.options.collectionIntervalMillis,
    send: reportFromThread,
  });
  return {
    runtime,
    isMember: () => true,
    settle: async () => {
      await reporter.report();
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
  let isMember = false;
  const surroundings = realSurroundings();
  const options: ForecastOptions = self === undefined ? {} : { agentName: self };
  const runtime = new Runtime(options, {
    ...surroundings,
    sample: async () => {
      const sample = await surroundings.sample();
      return isMember ? ofProcessAlone(sample) : sample;
    },
  });
  const { pipeline, wayOut } = runtime;
  const everyMillis = pipeline.options.collectionIntervalMillis;
  const members = new Members({
    now: surroundings.now,
    expiryMillis: MISSED_REPORTS * everyMillis + MOMENT_MILLIS,
    ownNames: () => [pipeline.processAgent, ...pipeline.book.agentNames],
  });
  wayOut.addProducer(members);
  const stops = [listenToThreads(members), ...takeChildren(members, runtime, environment)];
  if (parent === undefined) {
    return {
      runtime,
      isMember: () => false,
      settle: async () => true,
      leave: async () => {
        for (const stop of stops) stop();
      },
    };
  }
  const line = new ParentLine(parent.path, () => {
    isMember = false;
    reporter.stop();
    void wayOut.start();
  });
  const reporter = new MemberReporter({
    self: pipeline.processAgent,
    producers: [pipeline.producer, members],
    everyMillis,
    send: (report) => line.send(report),
  });
  return {
    runtime,
    isMember: () => isMember,
    settle: async () => {
      isMember = await line.connect();
      if (!isMember) {
        reporter.stop();
        return true;
      }
      diag.info(`otel-forecast: shown as ${pipeline.processAgent} by the process that started this one`);
      await reporter.report();
      return false;
    },
    leave: async () => {
      reporter.stop();
      line.close();
      for (const stop of stops) stop();
    },
  };
}

/** Children of a process that listens on a port that is known may report to it. */
function takeChildren(members: Members, runtime: Runtime, environment: NodeJS.ProcessEnv): (() => void)[] {
  const port = runtime.wayOut.endpoint?.port;
  if (port === undefined || port === 0) return [];
  const agent = environment.OTEL_FORECAST_AGENT;
  const self = { port, name: runtime.pipeline.processAgent, ...(agent === undefined ? {} : { agent }) };
  try {
    return [listenToChildren(members, self, environment)];
  } catch (error) {
    diag.warn(`otel-forecast: child processes can't report to this one: ${messageOf(error)}`);
    return [];
  }
}

/** The machine is measured once, by the process that shows it. */
function ofProcessAlone<
  Sample extends { readonly processCpuPercent?: number; readonly processMemoryPercent?: number },
>({
  processCpuPercent,
  processMemoryPercent,
}: Sample): {
  processCpuPercent?: number;
  processMemoryPercent?: number;
} {
  return {
    ...(processCpuPercent === undefined ? {} : { processCpuPercent }),
    ...(processMemoryPercent === undefined ? {} : { processMemoryPercent }),
  };
}

function nameOfScript(): string {
  const script = process.argv[1] ?? "node";
  return basename(script, extname(script));
}
