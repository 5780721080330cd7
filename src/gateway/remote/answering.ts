import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { GoneClient, RefusedRequest } from "./refused-request.ts";

/** How the requests of one path are answered. */
export interface Answering {
  /** The start of its log lines. */
  readonly name: string;
  /** The status for an error that nobody expected. */
  readonly failedStatus: number;
  /** Answers a request, or throws a `RefusedRequest`. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Called for each request that is refused. */
  readonly onRefused: (refused: RefusedRequest) => void;
}

/** A listener that answers each request, whatever happens. It never throws. */
export function answering({ name, failedStatus, answer, onRefused }: Answering): RequestListener {
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof GoneClient) return;
      const refused = error instanceof RefusedRequest ? error : failed(name, failedStatus, error);
      onRefused(refused);
      if (response.headersSent) response.destroy();
      else refuse(request, response, refused);
    });
  };
}

function failed(name: string, status: number, error: unknown): RefusedRequest {
  log.debug(`${name}: a request failed`, error);
  return new RefusedRequest({ status, reason: "failed" }, `the request failed: ${messageOf(error)}`, {
    cause: error,
  });
}

function refuse(request: IncomingMessage, response: ServerResponse, refused: RefusedRequest): void {
  response.statusCode = refused.status;
  for (const [header, value] of Object.entries(refused.headers)) response.setHeader(header, value);
  // The rest of the request is not read, so no other one can follow it.
  if (!request.complete) response.setHeader("connection", "close");
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("x-content-type-options", "nosniff");
  const body = `${refused.message}\n`;
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
}
