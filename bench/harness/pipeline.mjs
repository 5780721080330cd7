import { resolveOptions } from "../../build/src/config/resolve-options.js";
import { ForecastPipeline } from "../../build/src/run/forecast-pipeline.js";
import { handSurroundings, OPTION_SOURCES } from "./surroundings.mjs";

/**
 * The whole pipeline of a monitor, on a clock that is set by hand; work is paced by the time that really passes.
 */
export function benchPipeline(options, clock) {
  const resolved = resolveOptions({ exporters: ["none"], ...options }, OPTION_SOURCES);
  return new ForecastPipeline(
    resolved,
    handSurroundings(clock, () => clock.millis + performance.now()),
  );
}
