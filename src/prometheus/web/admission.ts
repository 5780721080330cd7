import { BearerTokens } from "./bearer-tokens.ts";
import { basicAuthOf, Logins } from "./logins.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { RateLimit, WebConfig } from "./web-config.ts";

/** What is known of a request before it is answered. */
export interface Visitor {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** Where the request comes from. */
  readonly address: string;
  readonly isEncrypted: boolean;
}

/** Whether a request gets through, and if not, why. */
export type Verdict = "admitted" | "not encrypted" | "unauthorized" | "too many";

/** The limit of requests of one configuration. */
interface Limit {
  readonly rate: RateLimit;
  readonly bucket: TokenBucket;
}

/** Decides by a web configuration which requests get through. */
export class Admission {
  readonly #logins = new Logins();
  readonly #tokens: BearerTokens;
  #limit: Limit | undefined;

  /** @param tokens let clients in as the users of the configuration do. Default: none. */
  constructor(tokens = new BearerTokens([])) {
    this.#tokens = tokens;
  }

  async verdict(visitor: Visitor, config: WebConfig): Promise<Verdict> {
    // A runtime whose servers do not hand over their connections would serve without encryption.
    if (config.tls !== undefined && !visitor.isEncrypted) return "not encrypted";
    if (!this.#isWithinLimit(config)) return "too many";
    if (this.#tokens.isIn(visitor.authorization)) return "admitted";
    if (config.users.size === 0) return this.#tokens.isEmpty ? "admitted" : "unauthorized";
    const given = basicAuthOf(visitor.authorization);
    if (given === undefined) return "unauthorized";
    switch (await this.#logins.check({ ...given, address: visitor.address }, config.users)) {
      case "right":
        return "admitted";
      case "wrong":
        return "unauthorized";
      case "too many":
        return "too many";
    }
  }

  #isWithinLimit({ rateLimit }: WebConfig): boolean {
    if (rateLimit === undefined) return true;
    const now = performance.now();
    if (this.#limit === undefined || !isSame(this.#limit.rate, rateLimit))
      this.#limit = { rate: rateLimit, bucket: new TokenBucket(rateLimit, now) };
    return this.#limit.bucket.take(now);
  }
}

function isSame(one: RateLimit, other: RateLimit): boolean {
  return one.intervalMillis === other.intervalMillis && one.burst === other.burst;
}
