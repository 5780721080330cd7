import { readProperty } from "../../core/error-type.ts";
import { startWorkFor } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { announcedCall, isOfUser, isOutput, type ServerEvent } from "./event.ts";
import { Turn } from "./turn.ts";

/** The part of a `RealtimeSession` that is read. */
export interface Session {
  readonly transport?: { readonly currentModel?: unknown };
}

/** The turns of one session, by the events of the session. */
export class FollowedSession {
  readonly #work: FrameworkWork;
  readonly #session: Session;
  #turn: Turn | undefined;

  constructor(work: FrameworkWork, session: Session) {
    this.#work = work;
    this.#session = session;
  }

  happened(event: string, args: readonly unknown[]): void {
    const [first, agent, third, fourth, fifth] = args;
    if (event === "transport_event") this.#received(first as ServerEvent);
    else if (event === "agent_start") this.#turnOf(agent).responseStarts(this.#model);
    // Only a transport that does not pass the events of the server on has not ended the response before.
    else if (event === "agent_end") this.#turn?.responseEnded({});
    else if (event === "agent_tool_start") this.#toolStarts(agent, third, fourth);
    else if (event === "agent_tool_end") this.#turn?.toolEnded(callIdOf(fifth), fourth);
    else if (event === "agent_handoff") this.#turn?.handsOver();
    // The turn that goes on with the answer is another one.
    else if (event === "tool_approval_requested") this.#turn?.end("success");
    else if (event === "error") this.#failed(readProperty(first, "error"));
  }

  /** The session has no connection any more, because the app has closed it or for another reason. */
  disconnected(outcome: "cancelled" | "failure", errorType?: string): void {
    this.#turn?.end(outcome, errorType);
  }

  #received(event: ServerEvent): void {
    if (isOutput(event)) this.#turn?.outputArrived();
    const callId = announcedCall(event);
    if (callId !== undefined) this.#turn?.calls(callId);
    if (isOfUser(event)) this.#turn?.personSpoke();
    if (event.type === "response.done") this.#turn?.responseEnded(event.response ?? {});
  }

  #toolStarts(agent: unknown, tool: unknown, details: unknown): void {
    const name = readProperty(tool, "name");
    const input = readProperty(readProperty(details, "toolCall"), "arguments");
    const turn = this.#turnOf(agent);
    startWorkFor(turn.toolStarts(callIdOf(details), typeof name === "string" ? name : "unknown", input));
  }

  /** The server reports errors too; those that end a response are in its status. */
  #failed(error: unknown): void {
    if (readProperty(error, "type") !== "error") this.#turn?.callFailed(error);
  }

  /** The turn of the agent: the open one, or another one if another agent has begun it. */
  #turnOf(agent: unknown): Turn {
    const name = readProperty(agent, "name");
    const givenName = typeof name === "string" ? name : undefined;
    if (this.#turn !== undefined && this.#turn.givenName !== givenName) this.#turn.end("success");
    if (this.#turn === undefined) {
      const turn = new Turn(this.#work, givenName, () => {
        if (this.#turn === turn) this.#turn = undefined;
      });
      this.#turn = turn;
    }
    return this.#turn;
  }

  get #model(): string | undefined {
    const model = this.#session.transport?.currentModel;
    return typeof model === "string" ? model : undefined;
  }
}

function callIdOf(details: unknown): string {
  const callId = readProperty(readProperty(details, "toolCall"), "callId");
  return typeof callId === "string" ? callId : "";
}
