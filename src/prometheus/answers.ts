import type { IncomingMessage, ServerResponse } from "node:http";

/** What answers the requests to one path, beside `/metrics` and `/health`. */
export interface Route {
  /** The methods that it answers, such as `POST`. Others get 405. */
  readonly methods: readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
  /** Whether it answers now; absent: always. Otherwise the path is not found. */
  isThere?(): boolean;
  /** Ends answers that would never end by themselves. */
  close?(): void;
}

/** Ends the response. Node leaves out the body if the request was HEAD. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  response.statusCode = status;
  response.setHeader("content-type", type);
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
}
