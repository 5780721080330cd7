import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearImmediate, setImmediate } from "node:timers";
import * as v from "valibot";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { ReportSocket, type ReportTaker } from "./report-line.ts";

/** Tells child processes of the process that they may report to. */
const VARIABLE = "OTEL_FORECAST_PARENT";

const parentSchema = v.object({
  /** Where it takes reports in: a socket that its user alone can reach. */
  path: v.string(),
  /** The port of its endpoint: a child that asks for another one has an endpoint of its own. */
  port: v.number(),
  /** What it is called. */
  name: v.string(),
  /** Its own `OTEL_FORECAST_AGENT`, which children inherit without being that agent. */
  agent: v.optional(v.string()),
});

/** The process that children report to. */
export type ParentProcess = v.InferOutput<typeof parentSchema>;

/** The process that has started this one and takes reports in; undefined where there is none. */
export function parentOf(environment: NodeJS.ProcessEnv): ParentProcess | undefined {
  try {
    return v.parse(parentSchema, JSON.parse(environment[VARIABLE] ?? ""));
  } catch {
    return undefined;
  }
}

/** Takes in what child processes report, and tells those that are started from now on where. Keeps nothing alive. */
export function listenToChildren(
  taker: ReportTaker,
  self: Omit<ParentProcess, "path">,
  environment: NodeJS.ProcessEnv,
): () => void {
  const folder = process.platform === "win32" ? undefined : mkdtempSync(join(tmpdir(), "otel-forecast-"));
  const path = folder === undefined ? `\\\\.\\pipe\\otel-forecast-${randomUUID()}` : join(folder, "socket");
  const inherited = environment[VARIABLE];
  const socket = new ReportSocket(taker, "child");
  const stop = (): void => {
    clearImmediate(listening);
    if (inherited === undefined) delete environment[VARIABLE];
    else environment[VARIABLE] = inherited;
    socket.shutDoor();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  // A child takes longer than that to start.
  const listening = setImmediate(() => {
    socket.listen(path).catch((error: unknown) => {
      log.warn(`child processes can't report to this one: ${messageOf(error)}`);
      stop();
    });
  });
  listening.unref();
  environment[VARIABLE] = JSON.stringify({ ...self, path } satisfies ParentProcess);
  process.once("exit", stop);
  return () => {
    process.off("exit", stop);
    stop();
  };
}
