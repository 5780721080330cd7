import type { OptionSources } from "../config/resolve-options.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { ConfigWatch } from "./config-watch.ts";
import { type Configured, readConfigured } from "./read-configured.ts";
import { restartNeeded } from "./restart-needed.ts";

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
  #isGood = true;
  #readAt: number;
  #watch: ConfigWatch | undefined;

  /** @throws TypeError with everything that is wrong in the file. */
  constructor(parts: RunningConfigurationParts) {
    this.#parts = parts;
    this.#current = readConfigured(parts.path, parts.sources);
    this.#readAt = parts.now();
  }

  /** The last content that could be used. */
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
    const seen = this.#current.content;
    this.#watch = new ConfigWatch({ seen, read: async () => sources.readFile(path), changed });
    this.#watch.start(WATCH_INTERVAL_MILLIS);
  }

  stopWatching(): void {
    this.#watch?.stop();
  }

  /**
   * Reads the file again, and hands it to `use` if it has another content.
   *
   * @throws TypeError that says what is wrong in the file. Then the content before stays.
   */
  async reload(use: (configured: Configured) => Promise<void>): Promise<void> {
    const before = this.#current;
    const read = this.#read();
    for (const key of restartNeeded(before, read))
      log.warn(`the configuration file has changed: ${key} takes effect at the next start`);
    if (read.content !== before.content) {
      await use(read);
      this.#current = read;
    }
    log.info("the configuration file was read again");
  }

  #read(): Configured {
    const { path, sources, now } = this.#parts;
    try {
      const read = readConfigured(path, sources);
      this.#isGood = true;
      this.#readAt = now();
      return read;
    } catch (error) {
      this.#isGood = false;
      log.error(
        `the configuration file can't be used: ${messageOf(error)}; the last valid content stays in use`,
      );
      throw error;
    }
  }
}
