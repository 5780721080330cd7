import { once } from "node:events";
import { createServer, get, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

/**
 * A server that counts the requests that have come.
 *
 * @param cleanups gets what ends it.
 */
export async function countingServer(handle: RequestListener, cleanups: (() => unknown)[]) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const answerOf = async (path: string): Promise<IncomingMessage> => {
    const [response] = await once(get({ port, path, agent: false }), "response");
    return response.resume();
  };
  const connections = () => promisify(server.getConnections.bind(server))();
  return { port, answerOf, connections, requests: () => requests };
}
