import { uptime } from "node:os";
import { clearInterval, setInterval } from "node:timers";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Resource } from "@opentelemetry/resources";
import { Environment, variablesOfProcess } from "../config/environment.ts";
import type { TraceMoment } from "../core/exemplar.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { detectedResource, detectedServiceName } from "../otel/resource.ts";
import { HeapMeter, realHeap } from "../system/heap.ts";
import { type SystemSample, SystemSampler, type SystemSamplerOptions } from "../system/system-sampler.ts";
import { wallMillis } from "../system/wall-clock.ts";
import type { MachineClocks } from "./monitor-clock.ts";
import type { TimerSource } from "./ticker.ts";

/** The outside world of a pipeline: clock, timers, machine and variables. Tests replace it. */
export interface Surroundings extends MachineClocks {
  readonly resource: Resource;
  /** The service's name. It also names the agent of the process until another agent is known. */
  readonly serviceName: string;
  readonly timers: TimerSource;
  /** Environment variables. Values for child processes, which inherit them, are written here. */
  readonly environment: NodeJS.ProcessEnv;
  /** Called while the event loop runs, at least once a second. */
  beat?(): void;
  /** The sampled trace in which the caller is, if there is one. */
  currentTrace?(): TraceMoment | undefined;
  /** The milliseconds for which a processor worked for this thread. */
  threadCpuMillis(): number;
  /** Lets the event loop run other work before long work goes on. */
  pause(): Promise<void>;
  /** The used share of this thread's heap limit, 0 to 100; `undefined` if it is not known. */
  heapPercent(): number | undefined;
  /** Measures CPU, memory, disk and network. */
  sample(): Promise<SystemSample>;
}

/**
 * The real clock, timers and machine.
 *
 * @param sources replaces the files and functions that the machine is measured from.
 */
export function realSurroundings(sources: SystemSamplerOptions = {}): Surroundings {
  const sampler = new SystemSampler({
    ...sources,
    onError: (part, error) => {
      log.warn(`${part} cannot be measured here: ${messageOf(error)}`);
    },
  });
  const environment = new Environment();
  const resource = detectedResource(environment);
  void resource.waitForAsyncAttributes?.();
  const heap = new HeapMeter(realHeap([...environment.nodeOptions, ...process.execArgv]));
  return {
    resource,
    serviceName: detectedServiceName(environment),
    timers: { setInterval, clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout) },
    environment: variablesOfProcess(),
    now: wallMillis,
    elapsedMillis: () => performance.now(),
    uptimeMillis: () => uptime() * 1000,
    cpuMillis,
    threadCpuMillis,
    pause: () => nextTurn(),
    heapPercent: () => heap.read(),
    sample: () => sampler.sample(),
  };
}

function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The first releases of Node 22 do not tell the CPU time of a thread: there, time that passes. */
function threadCpuMillis(): number {
  if (typeof process.threadCpuUsage !== "function") return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
