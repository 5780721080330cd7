import { endingOfError } from "../../agents/error-policy.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { Invocation } from "../work/invocation.ts";
import { beginOuterRun } from "../work/outer-run.ts";
import { type A2aEvent, endingOfState, stateIn } from "./event.ts";

/** The work of an executor on one message. */
export class Execution {
  readonly #invocation: Invocation;
  /** The last state of the task; absent if the answer is a message only. */
  #state: unknown;
  #hasReturned = false;

  constructor(work: FrameworkWork, agentName: string | undefined, onOver: () => void) {
    this.#invocation = beginOuterRun(work, agentName, onOver);
  }

  get atWork(): AgentAtWork {
    return this.#invocation.atWork;
  }

  published(event: A2aEvent): void {
    this.#state = stateIn(event) ?? this.#state;
    // An executor may not notice that its task was cancelled.
    if (this.#hasReturned || endingOfState(this.#state)?.outcome === "cancelled") this.#end();
  }

  /** If the task is still being worked on, its end is an event to come. */
  returned(): void {
    this.#hasReturned = true;
    if (this.#state === undefined) this.#invocation.end("success");
    else this.#end();
  }

  threw(error: unknown): void {
    const { outcome, errorType } = endingOfError(error);
    this.#invocation.end(outcome, errorType);
  }

  #end(): void {
    const end = endingOfState(this.#state);
    if (end !== undefined) this.#invocation.end(end.outcome, end.errorType);
  }
}
