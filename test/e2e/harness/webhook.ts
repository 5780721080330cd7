import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";

/** An alert in a notification of Alertmanager. */
export interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/** A server that Alertmanager notifies. It keeps every alert of every notification, in order. */
export class Webhook {
  readonly alerts: NotifiedAlert[] = [];
  readonly #server: Server;

  static async listen(): Promise<Webhook> {
    const webhook = new Webhook();
    await new Promise<void>((listening) => {
      webhook.#server.listen(0, "127.0.0.1", listening);
    });
    return webhook;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const { alerts } = (await json(request)) as { alerts: NotifiedAlert[] };
      this.alerts.push(...alerts);
      response.end();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
