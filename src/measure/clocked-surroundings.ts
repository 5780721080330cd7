import { TraceFlags, trace } from "@opentelemetry/api";
import type { TraceMoment } from "../core/exemplar.ts";
import { rateless } from "../system/system-sampler.ts";
import type { MonitorClock } from "./monitor-clock.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The same surroundings with the steady time of a monitor, which nobody sets. What the machine did
 * per second is left out after a pause: it is an average over the pause.
 */
export function clockedSurroundings(surroundings: Surroundings, clock: MonitorClock): Surroundings {
  return {
    ...surroundings,
    now: () => clock.steadyMillis(),
    beat: () => clock.beat(),
    currentTrace: () => sampledTrace(surroundings.now),
    sample: async () => {
      const sample = await surroundings.sample();
      return clock.isAfterPause ? rateless(sample) : sample;
    },
  };
}

/** A trace that is not sampled can't be looked up. A span of the application may throw. */
function sampledTrace(now: () => number): TraceMoment | undefined {
  try {
    const { traceId, spanId, traceFlags = 0 } = trace.getActiveSpan()?.spanContext() ?? {};
    if ((traceFlags & TraceFlags.SAMPLED) === 0 || !isId(traceId) || !isId(spanId)) return undefined;
    return { traceId, spanId, at: now() };
  } catch {
    return undefined;
  }
}

function isId(id: unknown): id is string {
  return typeof id === "string" && /^[0-9a-f]{1,32}$/.test(id);
}
