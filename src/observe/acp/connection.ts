import type { AgentAtWork } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { endingOfCode, endingOfReason, isId, isMessage, type Message, type MessageId } from "./message.ts";
import { Turn } from "./turn.ts";

/** The end of a connection at the agent, and its messages. At the client's end, nothing happens here. */
export class AgentConnection {
  readonly #work: FrameworkWork;
  readonly #turns = new Map<MessageId, Turn>();
  #handshake: MessageId | undefined;
  #agentName: string | undefined;
  /** In version 2 of the protocol, the answer to a prompt comes before the work and has no reason. */
  #answersFirst = false;

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  /** Returns the agent that a message is about to put to work. */
  received(message: unknown): AgentAtWork | undefined {
    if (!isMessage(message)) return undefined;
    const { id, method, params } = message;
    if (method === "initialize" && isId(id)) this.#handshake = id;
    else if (method === "session/cancel") this.#cancel(({ sessionId }) => sessionId === params?.sessionId);
    else if (method === "$/cancel_request")
      this.#cancel((turn) => turn === this.#turns.get(params?.requestId as MessageId));
    else if (method === "session/prompt" && isId(id)) return this.#begin(id, params?.sessionId);
    return undefined;
  }

  sending(message: unknown): void {
    if (!isMessage(message)) return;
    if (message.method === "session/update") this.#updated(message.params);
    else if (message.method === undefined && isId(message.id)) this.#answered(message.id, message);
  }

  /** The client has gone: what it asked for is cancelled. */
  closed(): void {
    for (const turn of [...this.#turns.values()]) turn.end({ outcome: "cancelled" });
  }

  #begin(id: MessageId, sessionId: unknown): AgentAtWork {
    // Its answer could not be told from that of the new one.
    this.#turns.get(id)?.end({ outcome: "cancelled" });
    const turn = new Turn(this.#work, this.#agentName, sessionId, () => this.#turns.delete(id));
    this.#turns.set(id, turn);
    return turn.atWork;
  }

  #answered(id: MessageId, { result, error }: Message): void {
    if (id === this.#handshake) {
      const name = result?.agentInfo?.name;
      if (typeof name === "string") this.#agentName = name;
      this.#answersFirst = result?.protocolVersion === 2;
    }
    const turn = this.#turns.get(id);
    if (error !== undefined) turn?.end(endingOfCode(error.code));
    else if (!this.#answersFirst || result?.stopReason !== undefined) turn?.end(endingOfReason(result ?? {}));
  }

  #updated(params: Message["params"]): void {
    const { sessionId, update } = params ?? {};
    const { sessionUpdate: what, state } = update ?? {};
    if (update === undefined) return;
    for (const turn of this.#turns.values()) {
      if (turn.sessionId !== sessionId) continue;
      if (what === "state_update" && state === "idle") turn.end(endingOfReason(update));
      else if (what === "tool_call" || what === "tool_call_update") {
        // A tool is called once, for whichever of the prompts.
        turn.toolChanged(update);
        return;
      }
    }
  }

  #cancel(isIt: (turn: Turn) => boolean): void {
    for (const turn of this.#turns.values()) if (isIt(turn)) turn.cancel();
  }
}
