import { isCount } from "../../agents/token-usage.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { EndCall, Invocation } from "../work/invocation.ts";
import type { HookInput } from "./hooks.ts";
import {
  type AssistantMessage,
  CANCELLED,
  deniedCalls,
  type Ending,
  endingOfResult,
  endingOfThrown,
  errorTypeOfTool,
  type Message,
  type PartMessage,
  type ResultMessage,
  type SystemMessage,
} from "./message.ts";
import { OpenTools } from "./open-tools.ts";
import type { QueryOptions } from "./query-options.ts";
import type { QueryUse } from "./usage.ts";

/** Maximum of open sub-agents of one query that are followed. */
const MAX_OPEN = 1000;

/**
 * One query, from its start to its end. Each of its turns is an invocation of the main agent. Each
 * of its sub-agents is an invocation too.
 */
export class FollowedQuery {
  readonly #work: FrameworkWork;
  readonly #agentName: string | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #use: QueryUse;
  readonly #tools = new OpenTools();
  readonly #subagents = new Map<string, Invocation>();
  /** The sub-agent that a call of a tool has started, by the id of the call. */
  readonly #started = new Map<string, string>();
  #turn: Invocation | undefined;
  #hasHadTurn = false;
  #wasInterrupted = false;
  #isOver = false;
  #mainModel: string | undefined;
  /** The answer of each agent that was counted last: further messages are parts of it. */
  readonly #lastAnswers = new WeakMap<Invocation, string>();
  #lastError: string | undefined;

  constructor(work: FrameworkWork, { agentName, signal }: QueryOptions, use: QueryUse) {
    this.#work = work;
    this.#agentName = agentName;
    this.#signal = signal;
    this.#use = use;
  }

  /** The agent whose tool runs. Claude Code does not say for which of several a tool runs. */
  get atWork(): AgentAtWork | undefined {
    return (this.#tools.onlyCaller ?? this.#turn)?.atWork;
  }

  /** The agent has something to do. If it is at work, it goes on. */
  beginTurn(): Invocation {
    if (this.#turn !== undefined) return this.#turn;
    this.#hasHadTurn = true;
    this.#wasInterrupted = false;
    this.#lastError = undefined;
    const turn = this.#work.begin(this.#agentName, () => {
      if (this.#turn === turn) this.#turn = undefined;
    });
    this.#turn = turn;
    return turn;
  }

  /** The query has yielded a message. */
  yielded(message: Message): void {
    if (this.#isOver) return;
    if (message.type === "result") this.#onResult(message);
    else if (message.type === "assistant") this.#onAnswer(message);
    else if (message.type === "system") this.#onSystem(message);
    else if (message.type === "stream_event") this.#onPart(message);
    else if (message.type === "conversation_reset") this.#use.startsAnew();
  }

  /** Claude Code has called our hook. */
  hookCalled(input: HookInput): void {
    if (this.#isOver) return;
    const { hook_event_name: event, tool_use_id: toolUseId, agent_id: agentId } = input;
    if (event === "SubagentStart") this.#subagentStarts(agentId, input.agent_type);
    else if (event === "SubagentStop") this.#endSubagent(agentId, { outcome: "success" });
    else if (event === "PreToolUse") this.#toolStarts(input);
    else if (event === "PostToolUse") this.#endTool(toolUseId, "success");
    else if (event === "PostToolUseFailure") this.#toolFailed(input);
  }

  /** The application has asked to interrupt the turn. Its result follows. */
  interrupted(): void {
    this.#wasInterrupted = true;
  }

  /** The query has ended, or the application has given it up. */
  over(): void {
    this.#finish(CANCELLED);
  }

  /** The query has thrown an error. After the result of a turn, it is the error of that turn. */
  failed(error: unknown): void {
    if (this.#isOver) return;
    if (!this.#hasHadTurn) this.beginTurn();
    this.#finish(this.#wasInterrupted ? CANCELLED : endingOfThrown(error, this.#signal));
  }

  /** Nothing of the query can be seen. */
  withdraw(): void {
    this.#isOver = true;
    this.#turn?.withdraw();
  }

  #finish(ending: Ending): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const agentId of this.#subagents.keys()) this.#endSubagent(agentId, CANCELLED);
    this.#turn?.end(ending.outcome, ending.errorType);
    this.#tools.clear();
    this.#started.clear();
  }

  #onResult(result: ResultMessage): void {
    const turn = this.beginTurn();
    for (const id of deniedCalls(result)) this.#endTool(id, "failure", "permission_denied");
    for (const [model, { usage, cost, provider }] of this.#use.takeTurn(result, this.#mainModel))
      turn.modelAnswered(usage, { model, provider, cost });
    const ending = endingOfResult(result, this.#lastError);
    const { outcome, errorType } = this.#wasInterrupted && ending.outcome === "failure" ? CANCELLED : ending;
    turn.end(outcome, errorType);
  }

  #onAnswer({ parent_tool_use_id: parent, message, error }: AssistantMessage): void {
    const isMain = typeof parent !== "string";
    const invocation = isMain ? this.beginTurn() : this.#subagentOf(parent);
    if (invocation === undefined) return;
    if (message?.id === undefined || message.id === this.#lastAnswers.get(invocation)) return;
    this.#lastAnswers.set(invocation, message.id);
    invocation.modelStarts(message.model)();
    invocation.modelEnded(error === undefined ? "success" : "failure", error);
    if (!isMain) return;
    this.#lastError = error;
    // An answer that Claude Code writes itself names no model.
    if (error === undefined) this.#mainModel = message.model ?? this.#mainModel;
  }

  #onPart({ parent_tool_use_id: parent, event, ttft_ms: millis }: PartMessage): void {
    const model = event?.message?.model;
    const invocation = typeof parent === "string" ? this.#subagentOf(parent) : this.#turn;
    if (isCount(millis))
      invocation?.firstTokenArrived(millis / 1000, typeof model === "string" ? model : undefined);
  }

  /** The sub-agent that a call of a tool has started. */
  #subagentOf(toolUseId: string): Invocation | undefined {
    return this.#subagents.get(this.#started.get(toolUseId) ?? "");
  }

  #onSystem(message: SystemMessage): void {
    const { subtype, task_id: taskId, tool_use_id: toolUseId, status } = message;
    if (subtype === "init") {
      this.beginTurn();
      this.#mainModel = message.model ?? this.#mainModel;
    } else if (subtype === "api_retry") {
      const turn = this.#turn;
      turn?.modelStarts()();
      turn?.modelEnded("failure", typeof message.error === "string" ? message.error : undefined);
    } else if (subtype === "permission_denied") this.#endTool(toolUseId, "failure", "permission_denied");
    else if (subtype === "task_started" && taskId !== undefined && toolUseId !== undefined) {
      if (this.#started.size < MAX_OPEN) this.#started.set(toolUseId, taskId);
    } else if (subtype === "task_notification" && status === "failed") {
      this.#endSubagent(taskId, { outcome: "failure", errorType: "task_failed" });
    } else if (subtype === "task_notification" && status === "stopped") this.#endSubagent(taskId, CANCELLED);
  }

  #subagentStarts(agentId: string | undefined, agentType: string | undefined): void {
    if (agentId === undefined || this.#subagents.has(agentId) || this.#subagents.size >= MAX_OPEN) return;
    const subagent = this.#work.begin(agentType, () => {
      if (this.#subagents.get(agentId) === subagent) this.#subagents.delete(agentId);
    });
    this.#subagents.set(agentId, subagent);
  }

  #endSubagent(agentId: string | undefined, { outcome, errorType }: Ending): void {
    this.#subagents.get(agentId ?? "")?.end(outcome, errorType);
  }

  #toolStarts(input: HookInput): void {
    const invocation = this.#subagents.get(input.agent_id ?? "") ?? this.beginTurn();
    this.#tools.start(invocation, input);
  }

  #endTool(toolUseId: string | undefined, ...how: Parameters<EndCall>): void {
    if (toolUseId === undefined) return;
    this.#tools.end(toolUseId, ...how);
    this.#started.delete(toolUseId);
  }

  #toolFailed({ tool_use_id: toolUseId, error, is_interrupt: isInterrupt }: HookInput): void {
    const started = this.#started.get(toolUseId ?? "");
    const ending: Ending = isInterrupt
      ? CANCELLED
      : { outcome: "failure", errorType: errorTypeOfTool(error) };
    this.#endSubagent(started, ending);
    this.#endTool(toolUseId, ending.outcome, ending.errorType);
  }
}
