import { clearInterval, setInterval } from "node:timers";

/**
 * Looks every so often whether a file has changed. It compares the content, because a `ConfigMap` of
 * Kubernetes is a symbolic link whose target is replaced, which watching a file does not notice.
 */
export class ConfigWatch {
  readonly #changed: () => Promise<void>;
  readonly #read: () => Promise<string>;
  readonly #seen: () => string;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  /**
   * @param parts.seen the content that was read last, whoever has asked for that.
   * @param parts.read reads the file; what it throws means that nothing is known.
   * @param parts.changed reads another content. Never rejects.
   */
  constructor(parts: { seen: () => string; read: () => Promise<string>; changed: () => Promise<void> }) {
    this.#seen = parts.seen;
    this.#read = parts.read;
    this.#changed = parts.changed;
  }

  start(everyMillis: number): void {
    this.#timer ??= setInterval(() => void this.look(), everyMillis).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks now. */
  async look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      if ((await this.#read()) !== this.#seen()) await this.#changed();
    } catch {
      // A file that is just being replaced is there the next time.
    } finally {
      this.#isBusy = false;
    }
  }
}
