import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ServedRequest } from "./served-request.ts";

/** What the system reports of a connection that the other end has given up. */
const CLIENT_GONE = ["ECONNRESET", "EPIPE", "ECONNABORTED", "ETIMEDOUT"];

/**
 * A request of HTTP/1 whose response is closed.
 *
 * @param socket the socket of the request, from its start: the response has none any more.
 */
export function servedByHttp1(
  { method }: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
): ServedRequest {
  const head = headOf(response);
  return {
    method,
    scheme: "encrypted" in socket ? "https" : "http",
    status: response.headersSent ? response.statusCode : undefined,
    ending: response.writableFinished ? "complete" : hasClientLeft(response, socket) ? "left" : "cut off",
    contentType: /^content-type: *(.*)$/im.exec(head)?.[1],
    hasLength: /^content-length:/im.test(head),
  };
}

/**
 * Whether the client closed the connection: its end was read, or the system reports that it has
 * gone. An error that the server destroyed the response with may have the same code: one of another
 * connection, which a proxy passes on.
 */
function hasClientLeft({ errored }: ServerResponse, socket: Socket): boolean {
  if (socket.readableEnded) return true;
  const code = (socket.errored as NodeJS.ErrnoException | null | undefined)?.code;
  return !errored && code !== undefined && CLIENT_GONE.includes(code);
}

/**
 * The head of a response as it was sent. Headers that were passed to `writeHead` are nowhere else.
 */
function headOf(response: ServerResponse): string {
  const { _header: head } = response as { _header?: unknown };
  return typeof head === "string" ? head : "";
}
