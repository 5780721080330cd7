import { resolveOptions } from "../../build/src/config/resolve-options.js";
import { ForecastPipeline } from "../../build/src/run/forecast-pipeline.js";
import { handSurroundings, OPTION_SOURCES } from "./surroundings.mjs";

/**
 * The whole pipeline of a monitor, on a clock that is set by hand.
 *
 * @param more replaces some of the surroundings. Without `elapsedMillis`, work is paced by the time that really
 * passes.
 */
export function benchPipeline(options, clock, more = {}) {
  const resolved = resolveOptions({ exporters: ["none"], ...options }, OPTION_SOURCES);
  const { elapsedMillis = () => clock.millis + performance.now() } = more;
  return new ForecastPipeline(resolved, { ...handSurroundings(clock, elapsedMillis), ...more });
}
