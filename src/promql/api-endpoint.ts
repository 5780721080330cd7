import { shownAddress, withoutCredentials } from "./address.ts";
import { ApiError } from "./api-error.ts";
import { type HttpAnswer, HttpConnections } from "./http-request.ts";

/** A request to an API: what follows `/api/v1/`, and its parameters. */
export interface ApiRequest {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 5;
const METHOD_NOT_ALLOWED = 405;
/** Redirects to be followed with the same method and the same body, which holds the query. */
const REDIRECTS = [301, 302, 307, 308];

/**
 * The address of a Prometheus API. Requests are sent by POST, because queries may be long; if the
 * server allows only GET, by GET.
 */
export class ApiEndpoint {
  /** The address without user and password. */
  readonly address: string;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #connections: HttpConnections;
  #method: "GET" | "POST" = "POST";

  /** @throws TypeError if the address is none of HTTP. */
  constructor(address: string, headers: Readonly<Record<string, string>>, keepsAlive: boolean) {
    const { url, headers: login } = withoutCredentials(new URL(address));
    if (!/^https?:$/.test(url.protocol))
      throw new TypeError(`url is ${shownAddress(address)}, expected an address with http or https`);
    this.#base = url;
    this.address = url.href.replace(/\/$/, "");
    this.#headers = { ...login, ...headers };
    this.#connections = new HttpConnections(keepsAlive);
  }

  /**
   * Sends a request, and follows redirects on the same host.
   *
   * @throws ApiError for a redirect to another host. Rejects as the connection does.
   */
  async send({ path, parameters, signal }: ApiRequest): Promise<HttpAnswer> {
    const answer = await this.#sendTo(this.#urlOf(path), parameters, signal);
    if (answer.status !== METHOD_NOT_ALLOWED || this.#method === "GET") return answer;
    answer.end();
    this.#method = "GET";
    return this.#sendTo(this.#urlOf(path), parameters, signal);
  }

  /** Closes the connections that are kept for further requests. */
  close(): void {
    this.#connections.close();
  }

  async #sendTo(
    first: URL,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#sendOnce(url, parameters, signal);
      const { location } = answer.headers;
      if (!REDIRECTS.includes(answer.status) || location === undefined) return answer;
      answer.end();
      if (redirects >= MAX_REDIRECTS)
        throw new ApiError("refused", `it redirects more than ${MAX_REDIRECTS} times`);
      url = this.#redirected(url, location);
    }
  }

  #sendOnce(
    url: URL,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const headers = this.#headers;
    if (this.#method === "POST") {
      const body = new URLSearchParams(parameters).toString();
      const type = { "content-type": "application/x-www-form-urlencoded" };
      return this.#connections.send({ url, method: "POST", headers: { ...headers, ...type }, body, signal });
    }
    const withQuery = new URL(url);
    for (const [name, value] of Object.entries(parameters)) withQuery.searchParams.set(name, value);
    return this.#connections.send({ url: withQuery, method: "GET", headers, signal });
  }

  /**
   * Where a redirect leads. The request has a password or a token, which other hosts must not
   * receive, and which must not travel without encryption.
   */
  #redirected(from: URL, location: string): URL {
    const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    const isSame = to !== undefined && to.origin === from.origin;
    const isSecured =
      to?.hostname === from.hostname &&
      from.protocol === "http:" &&
      to.protocol === "https:" &&
      from.port === "" &&
      to.port === "";
    if (to !== undefined && (isSame || isSecured)) return withoutCredentials(to).url;
    const where = shownAddress(to?.href ?? location);
    throw new ApiError("refused", `it redirects to ${where}, which is another host and not followed`);
  }

  #urlOf(path: string): URL {
    const url = new URL(this.#base);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/api/v1/${path}`;
    return url;
  }
}
