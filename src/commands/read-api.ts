import { messageOf } from "../core/text-of.ts";
import { readBounded, TooLong } from "./backtest/input/read-bounded.ts";
import { WrongUse } from "./endings.ts";

/** Where a process or a gateway answers unless it is told otherwise. */
export const DEFAULT_URL = "http://localhost:9464";
/** The most series that the API lists in one answer. */
export const MAX_LISTED = 1000;

const TIMEOUT_MILLIS = 10_000;
/** Far more than an answer with the most series has. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/**
 * The read API of a running process or a gateway, asked over HTTP. A user and a password in its
 * address are sent as basic authentication, and never shown.
 */
export class ReadApi {
  /** The address without the path of an answer: a proxy may have the API below a prefix. */
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param address A URL; without `http://` it is taken for one of HTTP.
   * @throws WrongUse if it is no URL of HTTP or HTTPS.
   */
  constructor(address: string) {
    const url = urlOf(address);
    this.#base = url.origin + url.pathname.replace(/\/(metrics|health|api\/.*)?$/, "");
    this.#headers = url.username === "" ? {} : { authorization: basicLogin(url) };
  }

  /**
   * The answer at a path.
   *
   * @param signal Ends the request when it is aborted.
   * @throws Error with the reason if there is no answer, or one that is refused or can't be read.
   */
  async get<Body>(path: string, signal?: AbortSignal): Promise<Body> {
    const { status, text } = await this.#ask(path, signal);
    const body = jsonOf(text);
    const isRead = status === 200 && typeof body === "object" && body !== null;
    if (isRead) return body as Body;
    const { error } = (body ?? {}) as { readonly error?: unknown };
    const reason = status === 200 ? "its answer is no JSON of the read API" : `it answered ${status}`;
    throw this.failure(typeof error === "string" ? error : reason);
  }

  /** The error for an answer that can't be used. */
  failure(reason: string, options?: ErrorOptions): Error {
    return new Error(`${this.#base} can't be asked for its forecasts: ${reason}`, options);
  }

  async #ask(path: string, given?: AbortSignal): Promise<{ status: number; text: string }> {
    const timeout = AbortSignal.timeout(TIMEOUT_MILLIS);
    const signal = given === undefined ? timeout : AbortSignal.any([timeout, given]);
    try {
      const { status, body } = await fetch(new URL(this.#base + path), { headers: this.#headers, signal });
      const bytes = body === null ? new Uint8Array() : await readBounded(body, MAX_ANSWER_BYTES);
      return { status, text: new TextDecoder().decode(bytes) };
    } catch (error) {
      if (error instanceof TooLong) throw this.failure(`its answer: ${error.message}`);
      const reason = timeout.aborted ? `no answer within ${TIMEOUT_MILLIS / 1000} s` : causeOf(error);
      throw new Error(`nothing answers at ${this.#base}: ${reason}`, { cause: error });
    }
  }
}

function urlOf(address: string): URL {
  // `localhost:9464` is a URL too, of the protocol `localhost`.
  const url = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  const shown = address.replace(/^(.*?:\/\/)?.*@/, "$1...@");
  throw new WrongUse(`expected a URL such as ${DEFAULT_URL}, got ${JSON.stringify(shown)}`);
}

function basicLogin({ username, password }: URL): string {
  const login = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

/** The text of a part of a URL. A percent sign that stands for itself stays. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Why a request failed. With several addresses of a host, Node's error has a code and no message. */
function causeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  if (cause === undefined) return messageOf(error);
  return messageOf(cause) || messageOf(cause.code ?? error);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
