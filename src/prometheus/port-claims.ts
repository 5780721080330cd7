import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Node publishes to this channel within `listen()`, before it asks the system for the port. */
const LISTENING_BEGINS = "tracing:net.server.listen:asyncStart";
/** Node publishes to these when the server listens, or when the system has refused the port. */
const LISTENING_ENDS = ["tracing:net.server.listen:asyncEnd", "tracing:net.server.listen:error"];
const ANY_HOST = ["", "::", "0.0.0.0"];
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/** The address that a server listens on, or wants. */
export interface Address {
  /** Name or address of a network interface. */
  readonly host: string;
  /** 0: any free port, which no other server can want. */
  readonly port: number;
}

interface ListeningBegins {
  readonly server: object;
  readonly options: { readonly port?: unknown; readonly host?: unknown };
}

/**
 * Watches for servers of this process that are about to listen at an address of ours. `claimed`
 * runs before such a server tries, so it can still free the port for it.
 *
 * @param isOurs whether a server is ours; our servers share a port in another way.
 * @returns a function that stops watching.
 */
export function watchPort(
  address: Address,
  isOurs: (server: object) => boolean,
  claimed: (server: object) => void,
): () => void {
  const onListening = (message: unknown): void => {
    try {
      const { server, options } = message as ListeningBegins;
      if (claims(options, address) && !isOurs(server)) claimed(server);
    } catch {
      // Not a port, for example a symbol. The application gets only Node's own error for it.
    }
  };
  subscribe(LISTENING_BEGINS, onListening);
  return () => unsubscribe(LISTENING_BEGINS, onListening);
}

/**
 * Calls `ended` once, when a server listens or could not. A server whose host cannot be looked up
 * never gets there.
 *
 * @returns a function that stops watching.
 */
export function onceListeningEnds(server: object, ended: () => void): () => void {
  const onMessage = (message: unknown): void => {
    if ((message as Partial<ListeningBegins>).server !== server) return;
    stop();
    ended();
  };
  const stop = (): void => {
    for (const channel of LISTENING_ENDS) unsubscribe(channel, onMessage);
  };
  for (const channel of LISTENING_ENDS) subscribe(channel, onMessage);
  return stop;
}

/** Whether a server wants the address: the same port, unless both name a host and these differ. */
function claims({ port, host }: ListeningBegins["options"], address: Address): boolean {
  if (Number(port) !== address.port) return false;
  const given = typeof host === "string" ? host : "";
  if (ANY_HOST.includes(given) || ANY_HOST.includes(address.host)) return true;
  return given === address.host || (LOOPBACK.includes(given) && LOOPBACK.includes(address.host));
}
