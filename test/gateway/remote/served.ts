import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on this machine that answers by a listener. */
export interface Served {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** The headers of a request of Prometheus's remote protocols. */
export const HEADERS = {
  "content-encoding": "snappy",
  "content-type": "application/x-protobuf",
};
