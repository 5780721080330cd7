import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diag } from "@opentelemetry/api";
import * as v from "valibot";
import type { MemberReport } from "./member-report.ts";
import type { Members } from "./members.ts";

/** Tells child processes of the process that they may report to. */
const VARIABLE = "OTEL_FORECAST_PARENT";
/** A line that is longer is no report. */
const MAX_LINE = 32 * 1024 * 1024;

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
  members: Members,
  self: Omit<ParentProcess, "path">,
  environment: NodeJS.ProcessEnv,
): () => void {
  const folder = process.platform === "win32" ? undefined : mkdtempSync(join(tmpdir(), "otel-forecast-"));
  const path = folder === undefined ? `\\\\.\\pipe\\otel-forecast-${randomUUID()}` : join(folder, "socket");
  const inherited = environment[VARIABLE];
  let children = 0;
  let server: Server | undefined;
  const stop = (): void => {
    clearImmediate(listening);
    if (inherited === undefined) delete environment[VARIABLE];
    else environment[VARIABLE] = inherited;
    server?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  // A child takes longer than that to start.
  const listening = setImmediate(() => {
    server = createServer((socket) => {
      children += 1;
      takeReports(socket, `child ${children}`, members);
    });
    server.on("error", (error) => {
      diag.warn(`otel-forecast: child processes can't report to this one: ${error.message}`);
      stop();
    });
    server.listen(path);
    server.unref();
  });
  listening.unref();
  environment[VARIABLE] = JSON.stringify({ ...self, path } satisfies ParentProcess);
  process.once("exit", stop);
  return () => {
    process.off("exit", stop);
    stop();
  };
}

/** Each line is a report, as JSON. The child is there for as long as its end of the socket is. */
function takeReports(socket: Socket, id: string, members: Members): void {
  let rest = "";
  socket.unref();
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    if (rest.length > MAX_LINE || !lines.every((line) => members.take(id, parsed(line)))) socket.destroy();
  });
  socket.on("error", () => {});
  socket.on("close", () => members.remove(id));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The way from a child process to the one that it reports to. */
export class ParentLine {
  readonly #path: string;
  readonly #onLost: () => void;
  #socket: Socket | undefined;

  /** @param onLost told when the parent is there no more */
  constructor(path: string, onLost: () => void) {
    this.#path = path;
    this.#onLost = onLost;
  }

  /** Whether the parent is there and takes reports in. Keeps nothing alive. */
  connect(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connect(this.#path);
      socket.unref();
      socket.on("error", () => done(false));
      socket.on("close", () => {
        const wasConnected = this.#socket === socket;
        this.#socket = undefined;
        if (wasConnected) this.#onLost();
      });
      socket.once("connect", () => {
        this.#socket = socket;
        done(true);
      });
    });
  }

  /** Drops a report while the one before it is under way. */
  send(report: MemberReport): void {
    if (this.#socket === undefined || this.#socket.writableLength > 0) return;
    this.#socket.write(`${JSON.stringify(report)}\n`);
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.end();
  }
}
