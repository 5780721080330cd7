import type { IncomingMessage, ServerResponse } from "node:http";
import { ModelServer } from "../model-server.ts";

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
export class ProviderServer extends ModelServer {
  readonly requests: { readonly url: string | undefined; readonly body: unknown }[] = [];
  readonly answers: Answer[] = [];

  static start(): Promise<ProviderServer> {
    return new ProviderServer().listen();
  }

  protected override answer(request: IncomingMessage, response: ServerResponse, body: unknown): void {
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
