import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { basicAuthOf, type LoginResult, Logins } from "./logins.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { WebAccess } from "./web-access.ts";
import type { RateLimit, WebConfig } from "./web-config.ts";

const REFUSALS = {
  400: "Encryption is needed here\n",
  401: "Unauthorized\n",
  429: "Too many requests\n",
  500: "The web configuration cannot be used\n",
} as const;

/** The limit of requests of one configuration. */
interface Limit {
  readonly rate: RateLimit;
  readonly bucket: TokenBucket;
}

/** Answers requests that the web configuration file does not admit, and passes on the others. */
export class Guard {
  readonly #access: WebAccess;
  readonly #next: RequestListener;
  readonly #logins = new Logins();
  #limit: Limit | undefined;

  constructor(access: WebAccess, next: RequestListener) {
    this.#access = access;
    this.#next = next;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#admit(request, response).then(
      (isAdmitted) => isAdmitted && this.#next(request, response as Parameters<RequestListener>[1]),
      (error: unknown) => {
        log.debug(`prometheus endpoint: could not check a request: ${messageOf(error)}`);
        refuse(response, 500);
      },
    );
  }

  async #admit(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const config = await this.#access.current();
    // A runtime whose servers do not hand over their connections would serve without encryption.
    if (config.tls !== undefined && (request.socket as TLSSocket).encrypted !== true)
      return refuse(response, 400);
    if (!this.#isWithinLimit(config)) return refuse(response, 429);
    for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);
    switch (await this.#login(request, config)) {
      case "right":
        return true;
      case "wrong":
        return refuse(response, 401);
      case "too many":
        return refuse(response, 429);
    }
  }

  async #login(request: IncomingMessage, { users }: WebConfig): Promise<LoginResult> {
    if (users.size === 0) return "right";
    const given = basicAuthOf(request.headers.authorization);
    if (given === undefined) return "wrong";
    return this.#logins.check({ ...given, address: request.socket.remoteAddress ?? "" }, users);
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

function refuse(response: ServerResponse, status: keyof typeof REFUSALS): false {
  const body = REFUSALS[status];
  response.statusCode = status;
  if (status === 401) response.setHeader("www-authenticate", 'Basic realm="otel-forecast"');
  if (status === 429) response.setHeader("retry-after", "6");
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
  return false;
}
