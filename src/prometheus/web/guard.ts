import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { Admission } from "./admission.ts";
import type { WebAccess } from "./web-access.ts";

const REFUSALS = {
  400: "Encryption is needed here\n",
  401: "Unauthorized\n",
  429: "Too many requests\n",
  500: "The web configuration cannot be used\n",
} as const;

/** Answers requests that the web configuration file does not admit, and passes on the others. */
export class Guard {
  readonly #access: WebAccess;
  readonly #next: RequestListener;
  readonly #admission = new Admission();

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
    const visitor = {
      authorization: request.headers.authorization,
      address: request.socket.remoteAddress ?? "",
      isEncrypted: (request.socket as TLSSocket).encrypted === true,
    };
    const verdict = await this.#admission.verdict(visitor, config);
    if (verdict === "not encrypted") return refuse(response, 400);
    for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);
    if (verdict === "too many") return refuse(response, 429);
    return verdict === "admitted" || refuse(response, 401);
  }
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
