import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { Admission, type Visitor } from "../../prometheus/web/admission.ts";
import { BearerTokens } from "../../prometheus/web/bearer-tokens.ts";
import { isLoopback } from "../../prometheus/web/exposure.ts";
import { WebAccess } from "../../prometheus/web/web-access.ts";
import { authenticates, type WebConfig } from "../../prometheus/web/web-config.ts";
import { POSTPONED, type PostponedBecause } from "./postponement.ts";
import type { ReceiverAccessOptions } from "./receiver-options.ts";
import { Refusal } from "./refusal.ts";
import { TokenFile } from "./token-file.ts";

const OPEN: WebConfig = { tls: undefined, users: new Map(), headers: {}, rateLimit: undefined };

const LOGIN_IS_NEEDED =
  "other machines can reach it, so it needs a login: basic_auth_users, or client_auth_type " +
  "RequireAndVerifyClientCert, in the web configuration file, or bearer tokens";

/** Decides whether a receiver may listen, and which requests it takes. */
export class ReceiverDoor {
  /** The web configuration file; `undefined` without one. */
  readonly access: WebAccess | undefined;
  readonly #host: string;
  readonly #requiresLogin: boolean;
  readonly #tokens: BearerTokens;
  readonly #tokenFile: TokenFile | undefined;
  readonly #admission: Admission;
  readonly #postponedBecause: PostponedBecause;

  /** @param postponedBecause why requests should be sent again later. */
  constructor(
    host: string,
    options: ReceiverAccessOptions,
    postponedBecause: PostponedBecause = () => undefined,
  ) {
    const { webConfig, bearerTokens = [], bearerTokenFile, requiresLogin = true } = options;
    this.#postponedBecause = postponedBecause;
    this.#host = host;
    this.#requiresLogin = requiresLogin;
    this.#tokens = new BearerTokens(bearerTokens);
    this.#tokenFile = bearerTokenFile === undefined ? undefined : new TokenFile(bearerTokenFile);
    this.#admission = new Admission(this.#tokens);
    this.access =
      webConfig &&
      new WebAccess(webConfig, { rejects: (config) => this.#rejects(config), onReadAgain: () => {} });
  }

  /**
   * @param name of the receiver, for the error.
   * @throws Error if the receiver must not listen.
   */
  async open(name: string): Promise<void> {
    const config = await this.#config().catch((error: unknown) => {
      const file = `the web configuration file ${this.access?.path} can't be used`;
      throw new Error(`${name}: ${file}: ${messageOf(error)}`, { cause: error });
    });
    const tokens = await this.#tokenFile?.read().catch((error: unknown) => {
      throw new Error(`${name}: the file of bearer tokens can't be used: ${messageOf(error)}`, {
        cause: error,
      });
    });
    if (tokens !== undefined) this.#tokens.replace(tokens);
    const reason = this.#rejects(config);
    if (reason !== undefined) throw new Error(`${name}: cannot listen on ${this.#host}: ${reason}`);
  }

  /**
   * Logs what is unsafe. Call it when the receiver listens.
   *
   * @param name of the receiver.
   */
  warn(name: string): void {
    if (isLoopback(this.#host)) return;
    const config = this.access?.latest ?? OPEN;
    if (!this.#hasLogin(config))
      log.warn(
        `${name}: other machines can reach ${this.#host}, and no login is needed: whoever reaches it can send points`,
      );
    else if (config.tls === undefined)
      log.warn(
        `${name}: other machines can reach ${this.#host} without encryption: ` +
          "passwords and tokens can be read on the way; add tls_server_config to the web configuration file",
      );
  }

  /**
   * @returns the headers that every answer should have.
   * @throws Refusal if the request must not get through.
   */
  async admit(visitor: Visitor): Promise<WebConfig["headers"]> {
    const config = await this.#config().catch(() => {
      throw new Refusal("internal", "the web configuration of the gateway cannot be used");
    });
    const tokens = await this.#tokenFile?.changed();
    if (tokens !== undefined) this.#tokens.replace(tokens);
    switch (await this.#admission.verdict(visitor, config)) {
      case "admitted":
        return config.headers;
      case "not encrypted":
        throw new Refusal("not_encrypted", "encryption is needed here");
      case "unauthorized":
        throw new Refusal("unauthenticated", "a login is needed here, and the request has no valid one");
      case "too many":
        throw new Refusal("rate_limited", "there are too many requests or failed logins; try again later");
    }
  }

  /**
   * Lets an admitted request go on.
   *
   * @throws Refusal if it should be sent again later.
   */
  async expectTime(): Promise<void> {
    const reason = await this.#postponedBecause();
    if (reason !== undefined) throw new Refusal(reason, POSTPONED[reason]);
  }

  async #config(): Promise<WebConfig> {
    return this.access === undefined ? OPEN : this.access.current();
  }

  #rejects(config: WebConfig): string | undefined {
    const mayListen = !this.#requiresLogin || isLoopback(this.#host) || this.#hasLogin(config);
    return mayListen ? undefined : LOGIN_IS_NEEDED;
  }

  #hasLogin(config: WebConfig): boolean {
    return authenticates(config) || !this.#tokens.isEmpty;
  }
}
