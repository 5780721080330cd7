import type { ServerResponse } from "node:http";
import { clearInterval, setInterval } from "node:timers";
import { log } from "../logging/component-logger.ts";
import { changeBetween } from "./change-between.ts";
import type { Json } from "./view/change.ts";

/** How many browsers may watch at once. */
const MOST_STREAMS = 10;
const TICK_MILLIS = 1000;
/** A stream without an event for so many ticks gets a comment, so that the browser knows it is alive. */
const QUIET_TICKS = 15;
/** When a browser that lost its stream asks for a new one. */
const RETRY_MILLIS = 3000;

/** Where the events come from. A test passes its own timers. */
export interface LiveSource {
  /** The number of collections so far: there is nothing new while it stays the same. */
  turn(): number;
  /** What a query shows, as JSON. */
  read(query: string): Promise<string>;
  readonly timers?: {
    setInterval(callback: () => void, millis: number): { unref(): void };
    clearInterval(timer: unknown): void;
  };
}

/** What a query shows, as JSON and as data. */
interface Shown {
  readonly text: string;
  readonly data: Json;
}

interface Stream {
  readonly response: ServerResponse;
  readonly query: string;
  /** What the browser has. Streams of the same query share it. */
  sent: Shown | undefined;
  quietTicks: number;
}

/**
 * Sends what a query shows to the browsers that watch, as server-sent events: all of it first (`page`),
 * then what has changed (`change`). It does nothing while nobody watches, and what several watch is read
 * once.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class LiveStreams {
  readonly #source: LiveSource;
  readonly #streams = new Set<Stream>();
  #timer: unknown;
  #turn = Number.NaN;
  #isSending = false;

  constructor(source: LiveSource) {
    this.#source = source;
  }

  /** Begins a stream. Returns whether there was room for it. */
  open(response: ServerResponse, query: string): boolean {
    if (this.#streams.size >= MOST_STREAMS) return false;
    response.statusCode = 200;
    response.setHeader("content-type", "text/event-stream; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    // Nginx would collect the events.
    response.setHeader("x-accel-buffering", "no");
    response.write(`retry: ${RETRY_MILLIS}\n\n`);
    const stream = { response, query, sent: undefined, quietTicks: 0 };
    this.#streams.add(stream);
    response.once("close", () => this.#leave(stream));
    const timers = this.#source.timers ?? { setInterval, clearInterval: clear };
    if (this.#timer === undefined) {
      this.#turn = this.#source.turn();
      const timer = timers.setInterval(() => void this.#tick(), TICK_MILLIS);
      timer.unref();
      this.#timer = timer;
    }
    void this.#send([stream]);
    return true;
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#streams) this.#end(stream);
  }

  async #tick(): Promise<void> {
    for (const stream of this.#streams) {
      stream.quietTicks += 1;
      if (stream.quietTicks < QUIET_TICKS) continue;
      stream.quietTicks = 0;
      stream.response.write(": still here\n\n");
    }
    const turn = this.#source.turn();
    if (turn === this.#turn || this.#isSending) return;
    this.#turn = turn;
    this.#isSending = true;
    await this.#send([...this.#streams]);
    this.#isSending = false;
  }

  async #send(streams: readonly Stream[]): Promise<void> {
    const read = new Map<string, Promise<Shown>>();
    const events = new Map<Shown | undefined, string>();
    for (const stream of streams) {
      // A browser that has not taken the last event gets the next one that it has time for.
      if (stream.response.writableLength > 0 && stream.sent !== undefined) continue;
      try {
        const known = read.get(stream.query) ?? this.#read(stream.query);
        read.set(stream.query, known);
        const shown = await known;
        if (shown.text === stream.sent?.text || !this.#streams.has(stream)) continue;
        const event = (stream.sent && events.get(stream.sent)) ?? eventOf(stream.sent, shown);
        if (stream.sent !== undefined) events.set(stream.sent, event);
        stream.sent = shown;
        stream.quietTicks = 0;
        stream.response.write(event);
      } catch (error) {
        log.debug("page: could not read what a browser watches", error);
        this.#end(stream);
      }
    }
  }

  async #read(query: string): Promise<Shown> {
    const text = await this.#source.read(query);
    return { text, data: JSON.parse(text) };
  }

  /** From now on nothing may be written to it: that would be an error that nobody handles. */
  #end(stream: Stream): void {
    this.#leave(stream);
    stream.response.end();
  }

  #leave(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0 || this.#timer === undefined) return;
    const timers = this.#source.timers ?? { clearInterval: clear };
    timers.clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** The smaller one of what has changed and of all. */
function eventOf(sent: Shown | undefined, { text, data }: Shown): string {
  const change = sent === undefined ? undefined : JSON.stringify(changeBetween(sent.data, data));
  return change !== undefined && change.length < text.length
    ? `event: change\ndata: ${change}\n\n`
    : `event: page\ndata: ${text}\n\n`;
}

function clear(timer: unknown): void {
  clearInterval(timer as NodeJS.Timeout);
}
