import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The API of a model on this machine: subclasses answer its requests, whose bodies are JSON. */
export abstract class ModelServer {
  readonly #server: Server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    this.answer(request, response, body === "" ? undefined : JSON.parse(body));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse, body: unknown): void;
}
