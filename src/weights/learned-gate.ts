import { createRequire } from "node:module";
import { members } from "../forecast/combination/members.ts";
import { Gate } from "../forecast/gate/gate.ts";
import { GateNet } from "../forecast/gate/gate-net.ts";
import { type GateFile, weightsIn } from "./gate-file.ts";
import { memberHash } from "./member-hash.ts";

const load = createRequire(import.meta.url);

/** The gate of the package, or why there is none. */
export type LearnedGate = { readonly gate: Gate } | { readonly gate: undefined; readonly reason: string };

let known: LearnedGate | undefined;

/** The gate with the weights of the package. They are read when it is first asked for. Never throws. */
export function learnedGate(): LearnedGate {
  known ??= gateIn(() => load("./gate.json") as GateFile);
  return known;
}

/** The gate with the weights that `read` gives. Never throws. */
export function gateIn(read: () => GateFile): LearnedGate {
  try {
    const file = read();
    const net = new GateNet(weightsIn(file, memberHash));
    return { gate: new Gate(file.sha256.slice(0, 16), net, members.length) };
  } catch (error) {
    // The message of a missing file goes on with the files that load it.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { gate: undefined, reason };
  }
}
