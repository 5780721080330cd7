import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Node publishes here, within `listen()`, before it asks the system for the port. */
const LISTENING_BEGINS = "tracing:net.server.listen:asyncStart";
const ANY_HOST = ["", "::", "0.0.0.0"];
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface ListeningBegins {
  readonly server: object;
  readonly options: { readonly port?: unknown; readonly host?: unknown };
}

/**
 * Watches for servers of this process that are about to listen where a server of ours does. What `claimed` does is done
 * before they try, so that it can still make room for them.
 *
 * @param isOurs whether a server is one of ours, which share a port by other means.
 * @returns a function that ends it.
 */
export function watchPort(
  address: Address,
  isOurs: (server: object) => boolean,
  claimed: () => void,
): () => void {
  const onListening = (message: unknown): void => {
    try {
      const { server, options } = message as ListeningBegins;
      if (claims(options, address) && !isOurs(server)) claimed();
    } catch {
      // A port that is none, such as a symbol: the application gets Node's own error for it, and none of ours beside that.
    }
  };
  subscribe(LISTENING_BEGINS, onListening);
  return () => unsubscribe(LISTENING_BEGINS, onListening);
}

/** The port alone decides unless both name a host, and not the same one. */
function claims({ port, host }: ListeningBegins["options"], address: Address): boolean {
  if (Number(port) !== address.port) return false;
  const given = typeof host === "string" ? host : "";
  if (ANY_HOST.includes(given) || ANY_HOST.includes(address.host)) return true;
  return given === address.host || (LOOPBACK.includes(given) && LOOPBACK.includes(address.host));
}
