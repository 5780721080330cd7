import type { AddressInfo, Server } from "node:net";
import { messageOf } from "../../core/text-of.ts";
import { listen } from "../../prometheus/listen.ts";
import type { ListenAddress } from "./receiver-options.ts";

/**
 * Makes a server listen.
 *
 * @param name of the receiver, for the error.
 * @throws Error that names the address, what is wrong, and what to do.
 */
export async function listenOn(server: Server, { host, port }: ListenAddress, name: string): Promise<void> {
  try {
    await listen(server, port, host === "localhost" ? "127.0.0.1" : host);
  } catch (error) {
    const why = REASONS[(error as NodeJS.ErrnoException).code ?? ""] ?? messageOf(error);
    throw new Error(`${name}: cannot listen on ${host}:${port}: ${why}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has this port; end it, or choose another address",
  EADDRNOTAVAIL: "this machine does not have this address",
  EACCES: "this user may not use this port; choose one above 1023",
};

/** The port of a server; `undefined` if it does not listen. */
export function portOf(server: Server | undefined): number | undefined {
  return (server?.address() as AddressInfo | null | undefined)?.port;
}
