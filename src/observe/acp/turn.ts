import type { AgentAtWork } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { EndCall, Invocation } from "../work/invocation.ts";
import { beginOuterRun } from "../work/outer-run.ts";
import { digestOf } from "../work/repeated-calls.ts";
import type { SessionUpdate, TurnEnd } from "./message.ts";

/** Maximum of tool calls of one turn that are followed. */
const MAX_TOOLS = 1000;
/** Agents report the output of a tool that failed, and no type of error. */
const TOOL_ERROR = "tool_error";

/** The work of an agent from a prompt until it stops. */
export class Turn {
  readonly sessionId: unknown;
  readonly #work: FrameworkWork;
  readonly #invocation: Invocation;
  /** The tool calls by their ids. Those that have ended stay: later updates are of no other call. */
  readonly #tools = new Map<string, (update: SessionUpdate) => void>();
  /** Whether a framework runs an agent inside the turn. The framework reports the tools. */
  #hasAgentInside = false;
  #isCancelled = false;

  constructor(work: FrameworkWork, agentName: string | undefined, sessionId: unknown, onOver: () => void) {
    this.sessionId = sessionId;
    this.#work = work;
    this.#invocation = beginOuterRun(work, agentName, onOver, () => {
      this.#hasAgentInside = true;
    });
  }

  get atWork(): AgentAtWork {
    return this.#invocation.atWork;
  }

  /** The client does not want the turn any more. The agent stops when it can. */
  cancel(): void {
    this.#isCancelled = true;
  }

  /** The first end counts. What fails after it was cancelled is cancelled. */
  end({ outcome, errorType }: TurnEnd): void {
    if (this.#isCancelled && outcome === "failure") this.#invocation.end("cancelled");
    else this.#invocation.end(outcome, errorType);
  }

  toolChanged(update: SessionUpdate): void {
    const { toolCallId: id } = update;
    if (this.#hasAgentInside || typeof id !== "string") return;
    if (!this.#tools.has(id) && this.#tools.size < MAX_TOOLS) this.#tools.set(id, this.#toolStarts(update));
    this.#tools.get(id)?.(update);
  }

  /** Returns a function that takes all that is said of the call. */
  #toolStarts({ name, kind, rawInput }: SessionUpdate): (update: SessionUpdate) => void {
    const areToolsReported = this.#work.watchTools();
    const tool = [name, kind].find((it) => typeof it === "string" && it !== "") ?? "other";
    const end = this.#invocation.toolStarts(String(tool), digestOf(rawInput), true);
    return ({ status }) => {
      if (status !== "completed" && status !== "failed") return;
      if (areToolsReported()) end("withdrawn");
      else endTool(end, status);
    };
  }
}

function endTool(end: EndCall, status: "completed" | "failed"): void {
  if (status === "failed") end("failure", TOOL_ERROR);
  else end("success");
}
