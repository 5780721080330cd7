import type { TaskOutcome } from "../../agents/events.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import { awaitFirstPart } from "../work/first-part.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { costOf, endingOf, lastAnswerOf, type PiEvent, usageOf } from "./event.ts";

/** Maximum of open tool calls of one run that are followed. */
const MAX_OPEN = 1000;
/** Agents report the message of a tool's error, and not its class. */
const TOOL_ERROR = "tool_error";
const NO_SUCH_TOOL = "tool_not_found";

/** What an agent has now: its model and its tools. */
export interface PiState {
  readonly model?: { readonly id?: string };
  readonly tools?: readonly { readonly name?: string }[];
}

/** One run of an agent, from its first event to its last. */
export class FollowedRun {
  readonly #work: FrameworkWork;
  readonly #agent: { readonly state?: PiState };
  readonly #tools = new Map<string, EndCall>();
  #invocation: Invocation | undefined;
  #closeModel: CloseCall = () => {};
  #partArrived: () => void = () => {};
  /** How the run has ended; a run whose last event did not arrive has failed. */
  #ending: TaskOutcome = "failure";

  constructor(work: FrameworkWork, agent: { readonly state?: PiState }) {
    this.#work = work;
    this.#agent = agent;
  }

  get atWork(): AgentAtWork | undefined {
    return this.#invocation?.atWork;
  }

  /** An agent has no name: its run counts for the agent around it, else for that of the process. */
  begin(): void {
    this.#invocation = this.#work.begin(this.#work.currentAgents.innermost?.agentName, () => {}, "");
  }

  happened(event: PiEvent): void {
    const { type, message } = event;
    if (type === "turn_start") this.#turnStarts();
    else if (type === "message_update") this.#partArrived();
    else if (type === "message_end" && message?.role === "assistant") this.#answered(message);
    else if (type === "tool_execution_start") this.#toolStarts(event);
    else if (type === "tool_execution_end") this.#toolEnded(event);
    else if (type === "agent_end") this.#ending = endingOf(lastAnswerOf(event.messages));
  }

  /** The run is over. If a listener of its end throws, it ends a second time. */
  over(): void {
    this.#invocation?.end(this.#ending);
  }

  #turnStarts(): void {
    const invocation = this.#invocation;
    if (invocation === undefined) return;
    const model = this.#model;
    this.#closeModel = invocation.modelStarts(model);
    this.#partArrived = awaitFirstPart(invocation, model, this.#work.elapsedMillis);
  }

  #answered(message: NonNullable<PiEvent["message"]>): void {
    this.#closeModel();
    const { model = this.#model, provider } = message;
    this.#invocation?.modelEnded(endingOf(message));
    this.#invocation?.modelAnswered(usageOf(message), { model, provider, cost: costOf(message) });
  }

  #toolStarts({ toolCallId, toolName = "unknown", args }: PiEvent): void {
    if (toolCallId === undefined || this.#tools.size >= MAX_OPEN) return;
    if (this.#agent.state?.tools?.some(({ name }) => name === toolName) === false)
      this.#invocation?.toolNotStarted(undefined, NO_SUCH_TOOL);
    else if (this.#invocation !== undefined)
      this.#tools.set(toolCallId, this.#invocation.toolStarts(toolName, digestOf(args)));
  }

  #toolEnded({ toolCallId = "", isError }: PiEvent): void {
    const end = this.#tools.get(toolCallId);
    this.#tools.delete(toolCallId);
    if (isError === true) end?.("failure", TOOL_ERROR);
    else end?.("success");
  }

  get #model(): string | undefined {
    return this.#agent.state?.model?.id;
  }
}
