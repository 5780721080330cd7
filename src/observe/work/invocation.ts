import type { TaskOutcome } from "../../agents/events.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import type { EndTask } from "../../measure/instruments/agent-recorder.ts";
import { AgentAtWork, type RunAround } from "./current-agent.ts";
import { FollowedRun, type StepOptions } from "./followed-run.ts";
import type { FrameworkReports } from "./framework-reports.ts";
import { OpenCalls } from "./open-calls.ts";
import type { Open } from "./open-work.ts";
import type { ModelCall } from "./work-log.ts";

/** The task type of an invocation of an agent, and its operation in the GenAI conventions. */
export const INVOKE_AGENT = "invoke_agent";
/** The type of a step that asks a model. */
export const CHAT = "chat";

/** What an invocation is recorded with. */
export interface InvocationOptions extends StepOptions {
  readonly frameworkReports: FrameworkReports;
}

/**
 * Ends a call of a tool. The first call of it counts. A tool call that is withdrawn is not counted.
 */
export type EndCall = (outcome: TaskOutcome | "withdrawn", errorType?: string) => void;
/** Ends a call of a model. */
export type CloseCall = () => void;

const NOTHING = (): void => {};

/** One run of an agent, from its first step to its end. The first end counts. */
export class Invocation implements RunAround, Open {
  readonly agentName: string;
  readonly startedAt: number;
  readonly atWork: AgentAtWork;
  /** What is done when an agent of a framework begins to run inside this one. */
  beganInside: (agentName: string) => void = NOTHING;
  readonly #options: InvocationOptions;
  #onOver: () => void;
  readonly #endTask: EndTask;
  readonly #run: FollowedRun;
  readonly #openCalls = new OpenCalls();
  #isOver: boolean;
  /** Whether nothing of it is recorded. */
  #isWithdrawn: boolean;

  /** @param start `isFollowed`: if not, nothing is recorded. */
  constructor(
    agentName: string,
    options: InvocationOptions,
    start: { readonly at: number; readonly isFollowed: boolean; readonly onOver: () => void },
  ) {
    this.agentName = agentName;
    this.atWork = new AgentAtWork(agentName, this);
    this.#options = options;
    this.#onOver = start.isFollowed ? start.onOver : NOTHING;
    this.startedAt = start.at;
    this.#isOver = !start.isFollowed;
    this.#isWithdrawn = !start.isFollowed;
    this.#endTask = start.isFollowed ? options.log.openTask(agentName, INVOKE_AGENT) : NOTHING;
    this.#run = new FollowedRun(agentName, options);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The agent takes another step, so the step before did not end it. */
  goesOn(): void {
    if (!this.#isWithdrawn) this.#run.goesOn();
  }

  /**
   * The agent calls a model, which is another step. Call the returned function when the model has
   * answered.
   */
  modelStarts(model?: string): CloseCall {
    this.goesOn();
    this.askedModel();
    return this.opensModel(model);
  }

  /** The agent may be calling a model, until the returned function is called. */
  opensModel(model?: string): CloseCall {
    if (this.#isWithdrawn) return NOTHING;
    const close = this.#options.frameworkReports.modelStarts(this.agentName, model);
    const call = this.#openCalls.add({ isOfModel: true, model, close });
    return () => {
      this.#openCalls.close(call);
    };
  }

  /** Whether its framework asks this model now. */
  isAsking(model: string | undefined): boolean {
    return this.#openCalls.isAsking(model);
  }

  /** Counts a call of a model. */
  askedModel(): void {
    this.#run.inferenceCalls += 1;
  }

  /** A model has answered. `usage` is its tokens, if the framework reports them. */
  modelAnswered(usage: TokenUsage | undefined, call: Partial<ModelCall> = {}): void {
    if (this.#isWithdrawn) return;
    const { frameworkReports, log } = this.#options;
    frameworkReports.tokensWereReported(this.agentName, usage !== undefined);
    if (usage === undefined) return;
    const { operation = CHAT, model, provider, cost } = call;
    log.tokensUsed(this.agentName, usage, { operation, model, provider, cost });
  }

  /**
   * A model call ended, and the framework reports how. Call it once for each model call. For a
   * stream, the function that `modelStarts` returned may have been called before.
   *
   * @param wentOn whether the agent has taken another step since.
   */
  modelEnded(outcome: TaskOutcome, errorType?: string, wentOn = false): void {
    this.stepEnded(CHAT, outcome, errorType, wentOn);
  }

  /** A call of a model ended, or another step that is no call of a tool. */
  stepEnded(taskType: string, outcome: TaskOutcome, errorType?: string, wentOn = false): void {
    if (this.#isOver) return;
    const how = this.#run.endOf(this.#options.elapsedMillis(), outcome, errorType);
    this.#run.stepEnded(taskType, how, wentOn);
  }

  /** @param seconds from the call of the model to the first part of its streamed answer. */
  firstTokenArrived(seconds: number, model?: string): void {
    if (!this.#isWithdrawn) this.#options.log.firstTokenArrived(this.agentName, model, seconds);
  }

  /** @param isKind whether only the kind of the tool is known, which no other report is compared with. */
  toolStarts(toolName: string, digest?: number, isKind = false): EndCall {
    if (this.#isWithdrawn) return NOTHING;
    this.toolCalledWith(toolName, digest);
    const { frameworkReports, elapsedMillis } = this.#options;
    const startedAt = elapsedMillis();
    const close = isKind ? NOTHING : frameworkReports.toolStarts(this.agentName, toolName);
    const call = this.#openCalls.add({ isOfModel: false, model: undefined, close });
    return (outcome, errorType) => {
      if (this.#openCalls.close(call) && outcome !== "withdrawn")
        this.#run.toolEnded(toolName, this.#run.endOf(startedAt, outcome, errorType));
    };
  }

  /**
   * A tool was called with these arguments.
   *
   * @param digest of the arguments (`digestOf`). Without them, repetitions are not recognised.
   */
  toolCalledWith(toolName: string, digest: number | undefined): void {
    if (!this.#isWithdrawn && digest !== undefined) this.#run.toolCalled(toolName, digest);
  }

  /**
   * The model asked for a tool that could not start, such as one with an invalid input.
   *
   * @param toolName absent if there is no such tool. Its name is the model's invention and becomes
   * no label. It can't recover, so it opens no failure.
   */
  toolNotStarted(toolName: string | undefined, errorType: string | undefined): void {
    if (this.#isOver) return;
    const how = this.#run.endOf(this.#options.elapsedMillis(), "failure", errorType);
    const taskType = `execute_tool ${toolName ?? "unknown"}`;
    if (toolName === undefined) this.#run.ended({ ...how, taskType, outcome: "failure" });
    else this.#run.stepEnded(taskType, how);
  }

  /** Withdraws the invocation: neither it nor its further steps are recorded. */
  withdraw(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isWithdrawn = true;
    this.#openCalls.closeAll();
    this.#endTask("withdrawn", 0);
    this.#reportOver();
  }

  /**
   * Ends the invocation. The last step is counted only as the end of the invocation if both ended
   * in the same way.
   */
  end(outcome: TaskOutcome | "lost", errorType?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#openCalls.closeAll();
    const { log } = this.#options;
    this.#run.finish(outcome);
    if (outcome === "lost") log.lost(this.#endTask);
    else {
      const { toolCalls, inferenceCalls } = this.#run;
      const calls = { operation: INVOKE_AGENT, toolCalls, inferenceCalls };
      const how = this.#run.endOf(this.startedAt, outcome, errorType);
      log.agentEnded(this.#endTask, this.agentName, calls, how);
    }
    this.#reportOver();
  }

  /** No end of the invocation will be reported. */
  lose(): void {
    this.end("lost");
  }

  /** Contexts keep the invocation: it must not keep what its framework knows of it. */
  #reportOver(): void {
    const onOver = this.#onOver;
    this.#onOver = NOTHING;
    onOver();
  }
}
