import { OpenAIRealtimeBase, type RealtimeClientMessage } from "@openai/agents-realtime";
import { MODEL } from "../contract/script.ts";

/** What the server sends for one response: its parts, and how it ends. */
export interface Answer {
  /** The tools that it asks for, with their arguments as JSON. */
  readonly calls?: readonly { readonly name: string; readonly input: string }[];
  readonly status?: "completed" | "cancelled" | "failed" | "incomplete";
  readonly code?: string;
  /** The tokens that the server reports. */
  readonly usage?: object;
  /** Whether the response does not end. */
  readonly isEndless?: boolean;
}

/** A connection to a server that speaks the protocol of OpenAI's Realtime API. */
export class FakeTransport extends OpenAIRealtimeBase {
  status: OpenAIRealtimeBase["status"] = "disconnected";
  readonly muted = false;
  readonly sent: RealtimeClientMessage[] = [];
  readonly #answer: () => Promise<Answer>;
  #count = 0;

  /** @param answer gives what the server answers next. */
  constructor(answer: () => Promise<Answer>) {
    super({ model: MODEL });
    this.#answer = answer;
  }

  async connect(): Promise<void> {
    this.#become("connected");
    this.receive({ type: "session.created", session: { type: "realtime" } });
  }

  close(): void {
    this.#become("disconnected");
  }

  interrupt(): void {}
  mute(): void {}

  sendEvent(event: RealtimeClientMessage): void {
    this.sent.push(event);
    const { type, item } = event as { type: string; item?: { role?: string } };
    if (type === "conversation.item.create" && item?.role === "user")
      this.receive({ type: "conversation.item.added", item: { id: this.#id("item"), ...item } });
    if (type === "response.create") void this.#respond();
  }

  /** An event of the server. */
  receive(event: object): void {
    this._onMessage({ data: JSON.stringify({ event_id: this.#id("event"), ...event }) } as MessageEvent);
  }

  async #respond(): Promise<void> {
    // The server answers after the client has gone on.
    await new Promise(setImmediate);
    const response_id = this.#id("response");
    this.receive({ type: "response.created", response: { id: response_id, status: "in_progress" } });
    const { calls = [], status = "completed", code, usage, isEndless } = await this.#answer();
    if (this.status !== "connected") return;
    const part = { response_id, output_index: 0 };
    const said = { item_id: this.#id("item"), content_index: 0, delta: "do" };
    if (calls.length === 0 && code === undefined)
      for (const delta of [said, said])
        this.receive({ type: "response.output_text.delta", ...part, ...delta });
    const output = calls.map(({ name, input }) => {
      const id = this.#id("call");
      return { type: "function_call", id, call_id: id, name, arguments: input, status: "completed" };
    });
    for (const item of output) this.receive({ type: "response.output_item.done", ...part, item });
    if (isEndless) return;
    const status_details =
      code === undefined ? {} : { type: "failed", error: { type: "server_error", code } };
    const response = { id: response_id, status, status_details, output, usage };
    this.receive({ type: "response.done", response });
  }

  #become(status: OpenAIRealtimeBase["status"]): void {
    if (this.status === status) return;
    this.status = status;
    (this.emit as (event: string, status: string) => void)("connection_change", status);
  }

  #id(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }
}
