import { errorTypeOf } from "../../core/error-type.ts";
import { type AgentAtWork, inTool } from "../work/current-agent.ts";
import { awaitFirstPart } from "../work/first-part.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { CloseCall, EndCall, Invocation } from "../work/invocation.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { endingOf, type RealtimeResponse, usageOf } from "./event.ts";

/** Maximum of open tool calls of one turn that are followed. */
const MAX_OPEN = 1000;
/** The SDK reports that a tool failed or was rejected only by these texts of its own. Other texts are not read. */
const FAILED_TOOL =
  /^(An error occurred while (running the tool|parsing tool arguments)|Tool execution was not approved\.$)/;
const TOOL_ERROR = "tool_error";
const PROVIDER = "openai";

/**
 * One turn of a realtime agent: its responses and tools, from the first response to the one that asks for
 * no tool.
 */
export class Turn {
  /** The name that the app has given the agent. */
  readonly givenName: string | undefined;
  readonly #work: FrameworkWork;
  readonly #invocation: Invocation;
  /** The tool calls that have no result; those that have not started have no end. */
  readonly #open = new Map<string, EndCall | undefined>();
  #closeModel: CloseCall = () => {};
  #model: string | undefined;
  #partArrived: () => void = () => {};
  #isAsking = false;
  #hasHandedOver = false;
  /** Since the last response started: whether it asked for tools, whether a result was sent, and an error. */
  #hasCalled = false;
  #hasResult = false;
  #error: string | undefined;

  constructor(work: FrameworkWork, givenName: string | undefined, onOver: () => void) {
    this.#work = work;
    this.givenName = givenName;
    this.#invocation = work.begin(givenName, onOver, "");
  }

  responseStarts(model: string | undefined): void {
    this.#closeModel();
    this.#model = model;
    this.#closeModel = this.#invocation.modelStarts(model);
    this.#partArrived = awaitFirstPart(this.#invocation, model, () => this.#work.elapsedMillis());
    this.#isAsking = true;
    this.#hasCalled = false;
    this.#hasResult = false;
  }

  outputArrived(): void {
    this.#partArrived();
  }

  responseEnded(response: RealtimeResponse): void {
    if (!this.#isAsking) return;
    this.#isAsking = false;
    this.#closeModel();
    const { outcome, errorType } = endingOf(response);
    this.#invocation.modelEnded(outcome, errorType);
    this.#invocation.modelAnswered(usageOf(response), { model: this.#model, provider: PROVIDER });
    if (outcome === "success") this.#settle();
    else this.end(outcome, errorType);
  }

  /** The answer asks for a tool. */
  calls(callId: string): void {
    this.#hasCalled = true;
    if (!this.#open.has(callId) && this.#open.size < MAX_OPEN) this.#open.set(callId, undefined);
  }

  /** @returns the agent that the tool works for. */
  toolStarts(callId: string, toolName: string, input: unknown): AgentAtWork {
    this.calls(callId);
    if (this.#open.has(callId))
      this.#open.set(callId, this.#invocation.toolStarts(toolName, digestOf(input)));
    return inTool(this.#invocation.atWork);
  }

  toolEnded(callId: string, result: unknown): void {
    const end = this.#open.get(callId);
    this.#open.delete(callId);
    this.#hasResult = true;
    if (typeof result === "string" && FAILED_TOOL.test(result)) end?.("failure", TOOL_ERROR);
    else end?.("success");
    this.#settle();
  }

  /** A tool call has failed without a result. It is known which one if only one is open. */
  callFailed(error: unknown): void {
    const [callId, ...others] = this.#open.keys();
    if (callId === undefined || others.length > 0) return;
    const end = this.#open.get(callId);
    this.#open.delete(callId);
    this.#error = errorTypeOf(error);
    if (end === undefined) this.#invocation.toolNotStarted(undefined, this.#error);
    else end("failure", this.#error);
    this.#settle();
  }

  /** Another agent goes on. The call of the handoff is no call of a tool. */
  handsOver(): void {
    this.#hasHandedOver = true;
    for (const [callId, end] of this.#open) if (end === undefined) this.#open.delete(callId);
    this.#settle();
  }

  /** A person has said something. What waits for no tool and no answer is over: nothing follows it. */
  personSpoke(): void {
    if (!this.#isAsking && this.#open.size === 0) this.end("success");
  }

  end(outcome: "success" | "failure" | "cancelled", errorType?: string): void {
    this.#closeModel();
    this.#invocation.end(outcome, errorType);
  }

  /** Ends the turn if no response and no tool is open, and no result waits for the next response. */
  #settle(): void {
    if (this.#isAsking || this.#open.size > 0) return;
    if (this.#hasHandedOver) this.end("success");
    else if (this.#hasResult) return;
    else if (this.#hasCalled) this.end("failure", this.#error);
    else this.end("success");
  }
}
