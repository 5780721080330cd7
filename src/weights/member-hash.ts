import { createHash } from "node:crypto";
import { members } from "../forecast/combination/members.ts";
import { SERIES_INPUTS } from "../forecast/gate/series-inputs.ts";

/** Raised when the gate's inputs get another meaning. */
const INPUTS_VERSION = 1;

/**
 * What weights of a gate belong to: the methods of `auto` in their order with their parameters, and the
 * inputs. Weights of another list would say something else.
 */
export const memberHash: string = createHash("sha256")
  .update(JSON.stringify([INPUTS_VERSION, SERIES_INPUTS, members.map(named)]))
  .digest("hex")
  .slice(0, 16);

function named({ method, parameters, prior, expectedRatio }: (typeof members)[number]): unknown {
  return [method.name, parameters, prior, expectedRatio];
}
