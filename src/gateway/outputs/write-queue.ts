import { setTimeout as delay } from "node:timers/promises";
import { DeliveryError, post } from "../../alerts/actions/delivery/post-json.ts";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import type { WriteMessage } from "./write-messages.ts";
import type { CheckedTarget } from "./write-target.ts";

/** Why samples were not written. */
export type WriteDropReason = "rejected" | "queue_full" | "shutdown";

/** Counts what was written, and what was not. */
export interface WriteObserver {
  sent(samples: number): void;
  dropped(reason: WriteDropReason, samples: number): void;
}

/** The limits of a queue, and the clock. */
export interface WriteQueueOptions {
  readonly observer: WriteObserver;
  /** The maximum of bytes that wait. */
  readonly maxBytes: number;
  /** The wait before the first retry. Each further one is twice as long, up to `maxWaitMillis`. */
  readonly firstWaitMillis: number;
  readonly maxWaitMillis: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const HEADERS = {
  "content-encoding": "snappy",
  "content-type": "application/x-protobuf",
  "user-agent": "otel-forecast",
  "x-prometheus-remote-write-version": "0.1.0",
};
/** The longest wait that a receiver can ask for. */
const LONGEST_WAIT_MILLIS = 300_000;
/** How long messages may still be sent after the end. */
const GRACE_MILLIS = 1000;
/** How much of an answer the log shows, in characters. */
const ANSWER_LENGTH = 300;

/**
 * Sends messages to one target, one after the other. What the target cannot take now is sent again
 * later; what it refuses is dropped. When too many wait, the oldest are dropped: newer forecasts are
 * worth more.
 */
export class WriteQueue {
  readonly #target: CheckedTarget;
  readonly #options: WriteQueueOptions;
  readonly #waiting: WriteMessage[] = [];
  #bytes = 0;
  #sending: Promise<void> = Promise.resolve();
  #isSending = false;
  /** Whether the first message is under way: then it stays, whatever room there is. */
  #isUnderWay = false;
  #isFailing = false;
  readonly #logged = new LogOnce();
  /** Ends the waits for a retry. */
  readonly #closing = new AbortController();
  /** Ends the requests too. */
  readonly #ended = new AbortController();

  constructor(target: CheckedTarget, options: WriteQueueOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Sends the messages when it is their turn. */
  add(messages: readonly WriteMessage[]): void {
    if (this.#closing.signal.aborted) {
      for (const { samples } of messages) this.#options.observer.dropped("shutdown", samples);
      return;
    }
    for (const message of messages) {
      this.#waiting.push(message);
      this.#bytes += message.body.length;
    }
    this.#makeRoom();
    if (!this.#isSending) this.#sending = this.#sendAll();
  }

  /** Sends what waits, once each and for a second at most, and drops the rest. */
  async shutdown(): Promise<void> {
    this.#closing.abort();
    const limit = delay(GRACE_MILLIS, undefined, { signal: this.#ended.signal }).catch(() => {});
    await Promise.race([this.#sending, limit]);
    this.#ended.abort();
    await this.#sending;
    for (const { samples } of this.#waiting.splice(0)) this.#options.observer.dropped("shutdown", samples);
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    let waitMillis = this.#options.firstWaitMillis;
    for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
      this.#isUnderWay = true;
      const failure = await this.#send(message);
      this.#isUnderWay = false;
      if (failure?.mayRetry !== true) {
        this.#settle(failure);
        waitMillis = this.#options.firstWaitMillis;
        continue;
      }
      this.#failed(failure);
      if (this.#closing.signal.aborted) break;
      const asked = Math.min(failure.retryAfterMillis, LONGEST_WAIT_MILLIS);
      await this.#wait(Math.max(waitMillis, asked));
      waitMillis = Math.min(waitMillis * 2, this.#options.maxWaitMillis);
    }
    this.#isSending = false;
  }

  /** Returns why the message was not taken; `undefined` if it was. */
  async #send({ body }: WriteMessage): Promise<DeliveryError | undefined> {
    const { url, headers, timeoutMillis } = this.#target;
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(timeoutMillis)]);
    try {
      await post(url, {
        body,
        headers: { ...headers, ...HEADERS },
        signal,
        now: this.#options.now(),
        answerLength: ANSWER_LENGTH,
      });
      return undefined;
    } catch (error) {
      return error instanceof DeliveryError ? error : new DeliveryError(messageOf(error), true);
    }
  }

  /** Removes the first message, which was taken or refused. */
  #settle(refused: DeliveryError | undefined): void {
    const samples = this.#remove(0);
    const { observer } = this.#options;
    this.#recovered();
    if (refused === undefined) {
      observer.sent(samples);
      return;
    }
    observer.dropped("rejected", samples);
    this.#logged.log(refused.message, () =>
      log.error(
        `remote write to ${this.#target.name}: ${refused.message}; dropped ${samples} samples. ` +
          "Later ones are only counted.",
      ),
    );
  }

  #failed({ message }: DeliveryError): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log.warn(`remote write to ${this.#target.name}: ${message}; it is tried again`);
  }

  #recovered(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    log.info(`remote write to ${this.#target.name}: it answers again`);
  }

  async #wait(millis: number): Promise<void> {
    await delay(millis, undefined, { ref: false, signal: this.#closing.signal }).catch(() => {});
  }

  #makeRoom(): void {
    const { maxBytes, observer } = this.#options;
    while (this.#bytes > maxBytes && this.#waiting.length > 1) {
      observer.dropped("queue_full", this.#remove(this.#isUnderWay ? 1 : 0));
      this.#logged.log("queue_full", () =>
        log.warn(
          `remote write to ${this.#target.name}: more than ${maxBytes} bytes wait; the oldest forecasts are ` +
            "dropped. Later ones are only counted.",
        ),
      );
    }
  }

  /** Removes a message, and returns the number of its samples. */
  #remove(index: number): number {
    const [removed] = this.#waiting.splice(index, 1);
    this.#bytes -= removed?.body.length ?? 0;
    return removed?.samples ?? 0;
  }
}
