import { setImmediate as nextTurn } from "node:timers/promises";
import { diag } from "@opentelemetry/api";
import { SystemSampler } from "../system/system-sampler.ts";
import { detectedResource, detectedServiceName } from "../telemetry/resource.ts";
import type { Surroundings } from "./forecast-pipeline.ts";

/** The real clock, timers and machine. */
export function realSurroundings(): Surroundings {
  const sampler = new SystemSampler({
    onError: (part, error) => {
      diag.warn(
        `otel-forecast: ${part} can't be measured here: ${error instanceof Error ? error.message : error}`,
      );
    },
  });
  const resource = detectedResource();
  void resource.waitForAsyncAttributes?.();
  return {
    resource,
    serviceName: detectedServiceName(),
    timers: { setInterval, clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout) },
    now: () => Date.now(),
    elapsed: () => performance.now(),
    pause: () => nextTurn(),
    sample: () => sampler.sample(),
  };
}
