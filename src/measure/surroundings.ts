import { clearInterval, setInterval } from "node:timers";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Resource } from "@opentelemetry/resources";
import { Environment, variablesOfProcess } from "../config/environment.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { detectedResource, detectedServiceName } from "../otel/resource.ts";
import { type SystemSample, SystemSampler, type SystemSamplerOptions } from "../system/system-sampler.ts";
import type { TimerSource } from "./ticker.ts";

/** What the pipeline has from the outside world. */
export interface Surroundings {
  readonly resource: Resource;
  /** What the agent is called that the process is, until another is known. */
  readonly serviceName: string;
  readonly timers: TimerSource;
  /** Environment variables. Values for child processes, which inherit them, are written here. */
  readonly environment: NodeJS.ProcessEnv;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsedMillis(): number;
  /** Lets the event loop go round. */
  pause(): Promise<void>;
  sample(): Promise<SystemSample>;
}

/** The real clock, timers and machine; `sources` to measure from instead of those of the process. */
export function realSurroundings(sources: SystemSamplerOptions = {}): Surroundings {
  const sampler = new SystemSampler({
    ...sources,
    onError: (part, error) => {
      log.warn(`${part} can't be measured here: ${messageOf(error)}`);
    },
  });
  const resource = detectedResource(new Environment().resourceDetectors);
  void resource.waitForAsyncAttributes?.();
  return {
    resource,
    serviceName: detectedServiceName(),
    timers: { setInterval, clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout) },
    environment: variablesOfProcess(),
    now: () => Date.now(),
    elapsedMillis: () => performance.now(),
    pause: () => nextTurn(),
    sample: () => sampler.sample(),
  };
}
