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
    sample: async () => {
      const sample = await surroundings.sample();
      return clock.isAfterPause ? rateless(sample) : sample;
    },
  };
}
