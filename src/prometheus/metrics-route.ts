import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { answer, type Route } from "./answers.ts";
import {
  type AcceptedFormat,
  type AcceptedFormats,
  acceptedFormats,
  contentType,
  type MetricsPage,
} from "./formats/page-format.ts";
import { HeldPages, lengthOf } from "./held-pages.ts";
import { namingFor } from "./names/naming.ts";
import { DEFAULT_TRANSLATION, type Translation } from "./names/translation.ts";
import { Turns } from "./turns.ts";

/** What a client asks for. */
export interface AskedPage extends AcceptedFormats {
  /** How long the client waits, if known. */
  readonly clientTimeoutMillis?: number | undefined;
}

/** Where the pages come from. */
export interface PageSource {
  /** How names are translated: of names without special characters, none is escaped. */
  readonly translation?: (() => Translation) | undefined;
  /** The page of `/metrics`. */
  readonly scrape: (asked: AskedPage) => Promise<MetricsPage>;
  /**
   * A page of the series that one of the selectors selects: those of `match[]`, as for `/federate`
   * of Prometheus. Absent: selectors are ignored.
   */
  readonly scrapePart?:
    | ((selectors: readonly string[], asked: AskedPage) => Promise<MetricsPage>)
    | undefined;
}

/** When a client that found too many others before it may ask again. */
const RETRY_AFTER_SECONDS = 1;

/** What `match[]` asks for can't be read. The message says why. */
export class WrongSelector extends Error {
  override readonly name = "WrongSelector";
}

/** Answers `GET` and `HEAD` of `/metrics`. A page for which too many wait is 503. */
export class MetricsRoute implements Route {
  readonly methods = ["GET", "HEAD"];
  readonly #pages: PageSource;
  readonly #held = new HeldPages();
  readonly #turns = new Turns({ room: () => this.#held.room() });

  constructor(pages: PageSource) {
    this.#pages = pages;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "HEAD") {
      const { format, escaping } = acceptedFormats(request.headers.accept).best;
      const translation = this.#pages.translation?.() ?? DEFAULT_TRANSLATION;
      begin(request, response, { format, escaping: namingFor(translation, escaping).escaping });
      response.end();
      return;
    }
    const page = await this.#turns
      .take(response, () => this.#made(request))
      .catch((error: unknown) => {
        if (error instanceof WrongSelector) return error;
        throw error;
      });
    if (page instanceof WrongSelector) return answer(response, 400, `${page.message}\n`);
    if (page === "gone") return;
    if (page === "too many") {
      response.setHeader("retry-after", RETRY_AFTER_SECONDS);
      return answer(response, 503, "Too many clients wait for metrics\n");
    }
    const { pieces } = page;
    this.#held.hold(pieces, response);
    const source = Readable.from(pieces);
    if (begin(request, response, page)) {
      // The text is so repetitive that the fastest level compresses it to a tenth.
      await pipeline(source, createGzip({ level: constants.Z_BEST_SPEED }), response);
      return;
    }
    response.setHeader("content-length", lengthOf(pieces));
    await pipeline(source, response);
  }

  #made(request: IncomingMessage): Promise<MetricsPage> {
    const { scrape, scrapePart } = this.#pages;
    const asked = {
      ...acceptedFormats(request.headers.accept),
      clientTimeoutMillis: clientTimeoutMillisOf(request),
    };
    const selectors = scrapePart === undefined ? [] : selectorsOf(request.url);
    return scrapePart === undefined || selectors.length === 0 ? scrape(asked) : scrapePart(selectors, asked);
  }
}

function selectorsOf(url = "/"): string[] {
  return new URL(url, "http://localhost").searchParams.getAll("match[]");
}

/** Sets the headers of a page. Returns whether it is to be compressed. */
function begin(
  request: IncomingMessage,
  response: ServerResponse,
  { format, escaping }: AcceptedFormat,
): boolean {
  const isCompressed = acceptsGzip(request.headers["accept-encoding"]);
  response.setHeader("content-type", contentType(format, escaping));
  response.setHeader("vary", "accept, accept-encoding");
  if (isCompressed) response.setHeader("content-encoding", "gzip");
  return isCompressed;
}

/**
 * How long Prometheus waits for the scrape, from its header. A partial answer must come before
 * that.
 */
function clientTimeoutMillisOf(request: IncomingMessage): number | undefined {
  const seconds = Number(request.headers["x-prometheus-scrape-timeout-seconds"]);
  return seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/**
 * Whether an `Accept-Encoding` header accepts gzip, by name or by `*`, with a weight above 0.
 * https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
 */
export function acceptsGzip(header: string | undefined): boolean {
  const weights = new Map<string, number>();
  for (const entry of (header ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = entry.split(";").map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0) > 0;
}
