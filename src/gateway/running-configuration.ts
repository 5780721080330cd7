import type { OptionSources } from "../config/resolve-options.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { ConfigWatch } from "./config-watch.ts";
import { type Configured, readConfigured } from "./read-configured.ts";
import { restartNeeded, withFixed } from "./restart-needed.ts";

const WATCH_INTERVAL_MILLIS = 30_000;

/** Where the configuration of a gateway comes from. */
export interface RunningConfigurationParts {
  /** The configuration file; `undefined`: every default. */
  readonly path: string | undefined;
  readonly sources: OptionSources;
  /** Epoch milliseconds. */
  now(): number;
}

/** The configuration of a gateway, which can be read again while it runs. */
export class RunningConfiguration {
  readonly #parts: RunningConfigurationParts;
  #current: Configured;
  /** The content that was read last, whether it could be used or not. */
  #seen: string;
  #isGood = true;
  #readAt: number;
  #watch: ConfigWatch | undefined;

  /** @throws TypeError with everything that is wrong in the file. */
  constructor(parts: RunningConfigurationParts) {
    this.#parts = parts;
    this.#current = readConfigured(parts.path, parts.sources);
    this.#seen = this.#current.content;
    this.#readAt = parts.now();
  }

  /** The last content that could be used, without what only the next start can follow. */
  get current(): Configured {
    return this.#current;
  }

  /** Whether the file could be used when it was read last. */
  get isGood(): boolean {
    return this.#isGood;
  }

  /** When the last content that could be used was read, in epoch milliseconds. */
  get readAt(): number {
    return this.#readAt;
  }

  /** @param changed called when the file has another content. Never rejects. */
  watch(changed: () => Promise<void>): void {
    const { path, sources } = this.#parts;
    if (path === undefined) return;
    this.#watch = new ConfigWatch({
      seen: () => this.#seen,
      read: async () => sources.readFile(path),
      changed,
    });
    this.#watch.start(WATCH_INTERVAL_MILLIS);
  }

  stopWatching(): void {
    this.#watch?.stop();
  }

  /**
   * Reads the file again, and hands it to `use` if it has another content.
   *
   * @throws Error that says what is wrong in the file, or why it can't be used. Then the content before stays.
   */
  async reload(use: (configured: Configured) => Promise<void>): Promise<void> {
    try {
      await this.#follow(this.#read(), use);
      this.#isGood = true;
      this.#readAt = this.#parts.now();
    } catch (error) {
      this.#isGood = false;
      log.error(
        `the configuration file can't be used: ${messageOf(error)}; the last valid content stays in use`,
      );
      throw error;
    }
    log.info("the configuration file was read again");
  }

  async #follow(read: Configured, use: (configured: Configured) => Promise<void>): Promise<void> {
    const before = this.#current;
    for (const key of restartNeeded(before, read))
      log.warn(`the configuration file has changed: ${key} takes effect at the next start`);
    if (read.content === before.content) return;
    const next = withFixed(before, read);
    await use(next);
    this.#current = next;
  }

  #read(): Configured {
    const { path, sources } = this.#parts;
    const readFile = (file: string): string => {
      const content = sources.readFile(file);
      if (file === path) this.#seen = content;
      return content;
    };
    return readConfigured(path, { ...sources, readFile });
  }
}
