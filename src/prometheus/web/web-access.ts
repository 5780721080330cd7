import { stat } from "node:fs/promises";
import { clearTimeout, setTimeout } from "node:timers";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import type { WebConfig, WebConfigSource } from "./web-config.ts";

/** How long a request waits for a disk. After that, the configuration that is known is used. */
const PATIENCE_MILLIS = 1000;
/** The pause before a file that could not be used is read again. */
const RETRY_MILLIS = 1000;

/** Checks what was read, and receives what is used from then on. */
export interface WebConfigObserver {
  /** Why a configuration must not be used; `undefined`: it may be used. */
  rejects(config: WebConfig): string | undefined;
  /** Called when a configuration replaces another. */
  onReadAgain(config: WebConfig): void;
}

/**
 * The current content of a web configuration file. It is read again when the file, or a certificate
 * or key that it names, has changed. If the new content cannot be used, the last one stays in use.
 */
export class WebAccess {
  readonly #source: WebConfigSource;
  readonly #observer: WebConfigObserver;
  #config: WebConfig | undefined;
  #files: readonly string[] = [];
  #seen = "";
  #failedAt: number | undefined;
  #lastError: Error | undefined;
  #checking: Promise<void> | undefined;

  constructor(source: WebConfigSource, observer: WebConfigObserver) {
    this.#source = source;
    this.#observer = observer;
  }

  get path(): string {
    return this.#source.path;
  }

  /** What was read last; `undefined` before the first time. */
  get latest(): WebConfig | undefined {
    return this.#config;
  }

  /** Rejects if the file could not be used yet. The message names the key and what was expected. */
  async current(): Promise<WebConfig> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    await within(PATIENCE_MILLIS, this.#checking);
    if (this.#config !== undefined) return this.#config;
    throw this.#lastError ?? new Error(`${this.path} was not read within ${PATIENCE_MILLIS} ms`);
  }

  /** Reads the file again if something has changed. Never rejects. */
  async #check(): Promise<void> {
    if (this.#failedAt !== undefined && performance.now() - this.#failedAt < RETRY_MILLIS) return;
    const seen = await this.#stamp();
    if (this.#config !== undefined && this.#failedAt === undefined && seen === this.#seen) return;
    try {
      const { config, files } = await this.#source.read();
      if (files.join("\n") !== this.#files.join("\n")) {
        this.#files = files;
        // Once more, now that a change of these files between stamp and content would be seen.
        return await this.#check();
      }
      const reason = this.#observer.rejects(config);
      if (reason !== undefined) throw new Error(reason);
      const isFirst = this.#config === undefined;
      this.#config = config;
      this.#failedAt = undefined;
      this.#lastError = undefined;
      this.#seen = seen;
      if (isFirst) return;
      log.info(`the web configuration file ${this.path} was read again`);
      this.#observer.onReadAgain(config);
    } catch (error) {
      this.#onUnusable(error);
    }
  }

  #onUnusable(error: unknown): void {
    this.#failedAt = performance.now();
    const message = messageOf(error);
    if (message === this.#lastError?.message) return;
    this.#lastError = new Error(message);
    if (this.#config !== undefined)
      log.error(
        `the web configuration file ${this.path} can't be used: ${message}; the last valid content stays in use`,
      );
  }

  /** The versions of all files, as one text. */
  async #stamp(): Promise<string> {
    const stamps = await Promise.all([this.path, ...this.#files].map(stampOf));
    return stamps.join("\n");
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch (error) {
    return messageOf(error);
  }
}

async function within(millis: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis).unref();
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
