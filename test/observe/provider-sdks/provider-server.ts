import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer of the server: a JSON body, or the events of a stream. */
export interface Answer {
  readonly status?: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly events?: readonly object[];
  /** Whether the stream stays open after its events. */
  readonly isEndless?: boolean;
}

/** A provider's API that gives the answers that a test prepared, in their order. */
export class ProviderServer {
  readonly requests: { readonly url: string | undefined; readonly body: unknown }[] = [];
  readonly answers: Answer[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<ProviderServer> {
    const server = new ProviderServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    this.requests.push({ url: request.url, body });
    const { status = 200, body: json, headers, events, isEndless } = this.answers.shift() ?? { status: 500 };
    if (events === undefined) {
      response
        .writeHead(status, { ...headers, "content-type": "application/json" })
        .end(JSON.stringify(json ?? {}));
      return;
    }
    response.writeHead(status, { "content-type": "text/event-stream" });
    for (const event of events) {
      const name = "type" in event ? `event: ${event.type}\n` : "";
      response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
    }
    if (isEndless !== true) response.end();
  }
}
