import { changed, type Json } from "../view/change.ts";
import type { PageData } from "../view/page-data.ts";

/** How often it asks again where events do not arrive. */
const POLL_MILLIS = 5000;
/** A proxy may hold events back: if none has come after this time, it asks. */
const PATIENCE_MILLIS = 8000;
/** It asks so often, then it tries events again. */
const POLLS_BEFORE_EVENTS = 12;

/** Is called with what arrives. */
interface Listener {
  received(data: PageData): void;
  changed(status: string): void;
}

/** Watches what a query selects: by server-sent events, and by asking again where they do not arrive. */
export class Live {
  readonly #listener: Listener;
  #events: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #query = "";
  #polls = 0;
  /** What was asked before this is not waited for any more. */
  #turn = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Watches a query from now on. */
  watch(query: string): void {
    this.#stop();
    this.#query = query;
    this.#listen();
  }

  /** Does nothing until it watches again. */
  pause(): void {
    this.#stop();
    this.#listener.changed("paused");
  }

  #stop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#events?.close();
    this.#events = undefined;
  }

  #listen(): void {
    const events = new EventSource(`live?${this.#query}`);
    this.#events = events;
    this.#timer = setTimeout(() => this.#pollInstead(), PATIENCE_MILLIS);
    let shown: Json = null;
    const show = (data: Json): void => {
      clearTimeout(this.#timer);
      shown = data;
      this.#listener.received(data as unknown as PageData);
    };
    // A new stream begins with the whole page, also after it was lost.
    events.addEventListener("page", ({ data }) => show(JSON.parse(data)));
    events.addEventListener("change", ({ data }) => show(changed(shown, JSON.parse(data))));
    events.addEventListener("error", () => {
      this.#listener.changed("connecting again");
      if (events.readyState === EventSource.CLOSED) this.#pollInstead();
    });
  }

  #pollInstead(): void {
    this.#stop();
    this.#polls = 0;
    void this.#poll(this.#turn);
  }

  async #poll(turn: number): Promise<void> {
    try {
      const response = await fetch(`live?${this.#query}`, { headers: { accept: "application/json" } });
      const data: PageData = await response.json();
      if (turn === this.#turn) this.#listener.received(data);
    } catch {
      if (turn === this.#turn) this.#listener.changed("not connected, trying again");
    }
    if (turn !== this.#turn) return;
    this.#polls += 1;
    this.#timer = setTimeout(() => {
      if (this.#polls < POLLS_BEFORE_EVENTS) void this.#poll(turn);
      else this.watch(this.#query);
    }, POLL_MILLIS);
  }
}
