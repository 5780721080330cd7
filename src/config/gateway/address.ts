/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const MAX_PORT = 65_535;

/**
 * Reads `HOST:PORT`, such as `127.0.0.1:4318` or `[::1]:4318`. Without a host it is every address of
 * the machine, as in other servers of this field. `undefined`: the text is no address.
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]*)):(\d{1,5})$/.exec(text.trim());
  if (match === null) return undefined;
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port > MAX_PORT) return undefined;
  const host = bracketed ?? plain ?? "";
  return { host: host === "" ? "::" : host, port };
}

/** Addresses that stand for every address of the machine. */
const EVERY_HOST = ["::", "0.0.0.0"];

/** Whether two servers on one machine cannot listen on both addresses. A port of 0 is any free one. */
export function mayClash(one: Address | undefined, other: Address | undefined): boolean {
  if (one === undefined || other === undefined || one.port === 0 || one.port !== other.port) return false;
  return one.host === other.host || [one.host, other.host].some((host) => EVERY_HOST.includes(host));
}
