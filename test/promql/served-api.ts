import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

/** A request that a fake API has received. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly parameters: URLSearchParams;
}

/** Answers a request: a body, or what it does with the response. */
export type Answer = (received: Received, response: Parameters<RequestListener>[1]) => unknown;

const servers = new Set<Server>();

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
});

/**
 * A fake API on a free port, which ends with the test. What `answer` returns is sent as JSON, a text
 * as it is; `undefined` if it has answered itself.
 *
 * @returns its address.
 */
export async function servedApi(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const url = new URL(request.url as string, "http://x");
      const parameters = new URLSearchParams([
        ...url.searchParams,
        ...new URLSearchParams(Buffer.concat(parts).toString()),
      ]);
      const { method, headers } = request;
      const body = answer({ method, headers, path: url.pathname, parameters }, response);
      if (body === undefined) return;
      response.setHeader("content-type", "application/json");
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The answer to a query at one time. */
export function vector(result: unknown, more: object = {}): object {
  return { status: "success", data: { resultType: "vector", result }, ...more };
}

/** The answer to a query of a range. */
export function matrix(result: unknown, more: object = {}): object {
  return { status: "success", data: { resultType: "matrix", result }, ...more };
}
