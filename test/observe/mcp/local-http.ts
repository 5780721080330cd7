import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface LocalHttp {
  readonly url: URL;
  close(): void;
}

/** Serves on a free port of this machine. */
export async function serveLocally(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LocalHttp> {
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves with what speaks the requests and responses of the web; it hears of clients that go away. */
export function serveWeb(
  handler: (request: Request) => Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const body: Buffer[] = [];
    for await (const part of request) body.push(part);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const { method = "GET", headers, url } = request;
    const answer = await handler(
      new Request(`http://127.0.0.1${url}`, {
        method,
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
        signal: gone.signal,
        ...(body.length > 0 ? { body: Buffer.concat(body) } : {}),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    for await (const part of answer.body ?? []) response.write(part);
    response.end();
  };
}
