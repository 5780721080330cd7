import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptedRanges } from "../prometheus/formats/page-format.ts";
import { acceptsGzip } from "../prometheus/metrics-route.ts";
import { ASSETS_PATH, Assets } from "./assets.ts";
import { LiveStreams } from "./live-streams.ts";
import { documentOf } from "./page-document.ts";
import { type PageParts, readPage } from "./page-reader.ts";
import { textOf } from "./text-page.ts";
import { parseQuery } from "./view/page-query.ts";

/** Forms without a script send their query to the page itself. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
/** A year. The name of a file changes with its content. */
const FOR_EVER = "public, max-age=31536000, immutable";
const RETRY_AFTER_SECONDS = 10;

const compressed = promisify(gzip);

/** The page, its files and its events. */
export class Page {
  readonly #parts: PageParts;
  readonly #assets: Assets;
  readonly #streams: LiveStreams;

  constructor(parts: PageParts, assets = new Assets()) {
    this.#parts = parts;
    this.#assets = assets;
    this.#streams = new LiveStreams({
      turn: () => parts.reader.turn,
      read: async (query) => {
        if (parts.isShown?.() === false) throw new Error("the page is switched off");
        return JSON.stringify(await readPage(parts, parseQuery(query)));
      },
    });
  }

  /** `/`: HTML for browsers, text for others. */
  async answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = parseQuery(queryOf(request));
    const data = await readPage(this.#parts, query);
    const isHtml = acceptsHtml(request.headers.accept);
    response.setHeader("cache-control", "no-store");
    await send(request, response, {
      type: `text/${isHtml ? "html" : "plain"}; charset=utf-8`,
      body: isHtml ? documentOf(data, query, this.#assets.addresses) : textOf(data, query),
      vary: "accept, accept-encoding",
    });
  }

  /** `/live`: events for browsers, or the same data once as JSON for those that ask again. */
  async answerLive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = queryOf(request);
    secure(response);
    if (/\bapplication\/json\b/.test(request.headers.accept ?? "")) {
      const body = JSON.stringify(await readPage(this.#parts, parseQuery(query)));
      response.setHeader("cache-control", "no-store");
      await send(request, response, {
        type: "application/json; charset=utf-8",
        body,
        vary: "accept, accept-encoding",
      });
      return;
    }
    if (this.#streams.open(response, query)) return;
    response.statusCode = 503;
    response.setHeader("retry-after", RETRY_AFTER_SECONDS);
    await send(request, response, { type: "text/plain; charset=utf-8", body: "Too many browsers watch\n" });
  }

  /** A file of the page. */
  async answerAsset(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const asset = this.#assets.get(path.slice(ASSETS_PATH.length));
    if (asset === undefined) {
      response.statusCode = 404;
      await send(request, response, { type: "text/plain; charset=utf-8", body: "Not found\n" });
      return;
    }
    response.setHeader("cache-control", FOR_EVER);
    await send(request, response, { type: asset.type, body: asset.content });
  }

  /** Ends all streams. */
  close(): void {
    this.#streams.close();
  }
}

interface Body {
  readonly type: string;
  readonly body: string;
  readonly vary?: string;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { type, body, vary = "accept-encoding" }: Body,
): Promise<void> {
  secure(response);
  response.setHeader("content-type", type);
  response.setHeader("vary", vary);
  const isCompressed = acceptsGzip(request.headers["accept-encoding"]);
  const bytes = isCompressed ? await compressed(body) : Buffer.from(body);
  if (isCompressed) response.setHeader("content-encoding", "gzip");
  response.setHeader("content-length", bytes.length);
  response.end(bytes);
}

/** Sets the headers that are not set yet: a web configuration file may have others. */
function secure(response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS))
    if (!response.hasHeader(name)) response.setHeader(name, value);
}

function queryOf(request: IncomingMessage): string {
  return new URL(request.url ?? "/", "http://localhost").search.slice(1);
}

/** Whether a client names HTML. Those that take anything get text. */
function acceptsHtml(accept: string | undefined): boolean {
  return acceptedRanges(accept).some(({ type }) => type === "text/html");
}
