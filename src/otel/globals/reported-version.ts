import { log } from "../../logging/component-logger.ts";
import { apiVersionOfCaller, installedApiVersion } from "./api-version.ts";
import type { GlobalApi } from "./global-api.ts";

/**
 * The version that the global object of the API reports. A copy of the API refuses to register if
 * the object reports another version than its own. Only the first registration of the application
 * may decide on the version. So until then, each copy that registers reads its own version.
 */
export class ReportedVersion {
  readonly #api: GlobalApi;
  /** The version of the copy with which the application registered first. */
  #fixed: string | undefined;
  #lastReported: string | undefined;
  #isUnknownLogged = false;

  constructor(api: GlobalApi) {
    this.#api = api;
  }

  /** The version for a copy of the API that reads what is registered. */
  get forReader(): unknown {
    return this.#fixed ?? this.#api.version;
  }

  /**
   * The version for a copy of the API that registers: `boundary` is the function that it called.
   */
  forRegistration(boundary: (...args: never[]) => unknown): unknown {
    if (this.#fixed !== undefined) return this.#fixed;
    const ofCaller = apiVersionOfCaller(boundary);
    this.#lastReported = ofCaller ?? installedApiVersion() ?? String(this.#api.version);
    if (ofCaller === undefined) this.#logUnknown(this.#lastReported);
    return this.#lastReported;
  }

  /**
   * Fixes the version that was reported last. Returns whether another version than before counts
   * now.
   */
  fix(): boolean {
    if (this.#fixed !== undefined) return false;
    this.#fixed = this.#lastReported ?? String(this.#api.version);
    return this.#fixed !== this.#api.version;
  }

  /**
   * Forgets the version: `next` is the version of the object that the application has put there.
   */
  release(next: unknown): void {
    this.#fixed = undefined;
    this.#lastReported = next === undefined ? undefined : String(next);
  }

  #logUnknown(guess: string): void {
    if (this.#isUnknownLogged) return;
    this.#isUnknownLogged = true;
    log.warn(
      "an SDK is registered by a copy of @opentelemetry/api whose version cannot be found; " +
        `the registration is refused unless the version is ${guess}`,
    );
  }
}
