import { isIPv4 } from "node:net";
import { authenticates, type WebConfig } from "./web-config.ts";

/** What is unsafe about a port that other machines can reach. */
export type Exposure = "no login" | "no encryption";

/** Whether only this machine can reach a host that a server listens on. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * What is unsafe about a host that a server listens on; `undefined` if nothing is.
 *
 * @param config of the web configuration file; `undefined` without one.
 */
export function exposureOf(host: string, config: WebConfig | undefined): Exposure | undefined {
  if (isLoopback(host)) return undefined;
  if (config === undefined || !authenticates(config)) return "no login";
  return config.tls === undefined ? "no encryption" : undefined;
}

/** Whether the `Host` header of a request names this machine. Only old clients send none. */
export function isLoopbackRequest(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    // A name that is complete may end with a dot.
    .replace(/\.$/, "")
    .toLowerCase();
  return name === "" || isLoopback(name) || name.endsWith(".localhost");
}
