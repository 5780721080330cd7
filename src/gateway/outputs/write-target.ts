import { optionError } from "../../core/option-error.ts";

/** Where forecasts are written to, by remote write. */
export interface RemoteWriteTarget {
  /** Such as `https://user:password@prometheus:9090/api/v1/write`. */
  readonly url: string;
  /** Headers of each request, such as `Authorization: Bearer TOKEN`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long to wait for an answer, in milliseconds. Default 10,000. */
  readonly timeoutMillis?: number;
  /**
   * How far ahead to write the paths of forecasts at their own times, in milliseconds. Default 0: not
   * at all. Prometheus accepts 10 minutes, VictoriaMetrics 2 days (`-futureRetention`).
   */
  readonly future?: number;
}

/** A target whose options were checked. */
export interface CheckedTarget {
  /** Without a user and a password, which are in the headers. */
  readonly url: URL;
  /** How the log names it: an address may hold a token. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMillis: number;
  readonly future: number;
}

const TIMEOUT_MILLIS = 10_000;

/** @throws TypeError that names an option which cannot be used. */
export function checkedTarget({
  url: text,
  headers = {},
  timeoutMillis = TIMEOUT_MILLIS,
  future = 0,
}: RemoteWriteTarget): CheckedTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw optionError("remoteWrite: url is no address that begins with http:// or https://");
  if (!(timeoutMillis > 0))
    throw optionError(`remoteWrite: timeoutMillis is ${timeoutMillis}, expected more than 0 ms`);
  if (!(future >= 0)) throw optionError(`remoteWrite: future is ${future}, expected 0 ms or more`);
  const login = loginOf(url);
  url.username = "";
  url.password = "";
  return {
    url,
    name: `${url.origin}${url.pathname}`,
    headers: { ...(login === undefined ? {} : { authorization: login }), ...lowerCased(headers) },
    timeoutMillis,
    future,
  };
}

/** What is given wins over what is in the address, in whatever letters it is written. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function loginOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  let login: string;
  try {
    login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw optionError("remoteWrite: the user or the password in url is not percent-encoded");
  }
  return `Basic ${Buffer.from(login).toString("base64")}`;
}
