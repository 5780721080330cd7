import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { CONTENT_TYPE } from "./serialize.ts";
import { Turns } from "./turns.ts";

/** The answer to `/health`, as JSON. Its status is 200 if healthy, otherwise 503. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly [detail: string]: unknown;
}

/** What answers the requests to one path, beside `/metrics` and `/health`. */
export interface Route {
  /** The methods that it answers, such as `POST`. Others get 405. */
  readonly methods: readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}

/** Where the answers come from. */
export interface RequestHandlerOptions {
  /** The text of `/metrics`. `clientTimeoutMillis`: how long the client waits, if known. */
  readonly scrape: (clientTimeoutMillis?: number) => Promise<readonly Buffer[]>;
  /**
   * The text of the series that one of the selectors selects: those of `match[]`, as for `/federate`
   * of Prometheus. Absent: selectors are ignored.
   */
  readonly scrapePart?:
    | ((selectors: readonly string[], clientTimeoutMillis?: number) => Promise<readonly Buffer[]>)
    | undefined;
  readonly health: () => HealthReport;
  /** Further answers, by path. One that ends in `/` answers all paths that have one part more. */
  readonly routes?: ReadonlyMap<string, Route> | undefined;
}

/** When a client that found too many others before it may ask again. */
const RETRY_AFTER_SECONDS = 1;

const READING = ["GET", "HEAD"];

/**
 * Answers `GET` and `HEAD` of `/metrics` and `/health`, and further routes. Other paths get 404, other methods 405, and
 * a URL that cannot be parsed 400. A page for which too many wait is 503.
 */
export function createRequestHandler({
  scrape,
  scrapePart,
  health,
  routes: more,
}: RequestHandlerOptions): RequestListener {
  const turns = new Turns();
  const routes = new Map<string, Route>([
    [
      "/metrics",
      {
        methods: READING,
        answer: (request, response) => answerMetrics(request, response, { scrape, scrapePart, turns }),
      },
    ],
    ["/health", { methods: READING, answer: (_, response) => answerHealth(response, health) }],
    ...(more ?? []),
  ]);
  return (request, response) => {
    const path = pathOf(request.url);
    if (path === undefined) return answer(response, 400, "Bad request\n");
    const route = routes.get(path) ?? routes.get(path.slice(0, path.lastIndexOf("/") + 1));
    if (route === undefined)
      return answer(response, 404, `Not found. Try ${[...routes.keys()].join(" or ")}.\n`);
    if (!route.methods.includes(request.method ?? "")) {
      response.setHeader("allow", route.methods.join(", "));
      return answer(response, 405, "Method not allowed\n");
    }
    answered(route, request, response).catch((error: unknown) => {
      log.debug("prometheus endpoint: could not answer a request in full", error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, `No metrics: ${messageOf(error)}\n`);
    });
  };
}

async function answered(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await route.answer(request, response);
}

/** What `match[]` asks for can't be read. The message says why. */
export class WrongSelector extends Error {
  override readonly name = "WrongSelector";
}

function selectorsOf(url = "/"): string[] {
  return new URL(url, "http://localhost").searchParams.getAll("match[]");
}

function pathOf(url: string | undefined): string | undefined {
  const base = "http://localhost";
  return url !== undefined && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}

async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  {
    scrape,
    scrapePart,
    turns,
  }: Pick<RequestHandlerOptions, "scrape" | "scrapePart"> & { readonly turns: Turns },
): Promise<void> {
  if (request.method === "HEAD") {
    begin(request, response);
    response.end();
    return;
  }
  const selectors = scrapePart === undefined ? [] : selectorsOf(request.url);
  const pieces = await turns
    .take(response, () => {
      const millis = clientTimeoutMillisOf(request);
      return scrapePart === undefined || selectors.length === 0
        ? scrape(millis)
        : scrapePart(selectors, millis);
    })
    .catch((error: unknown) => {
      if (error instanceof WrongSelector) return error;
      throw error;
    });
  if (pieces instanceof WrongSelector) return answer(response, 400, `${pieces.message}\n`);
  if (pieces === "gone") return;
  if (pieces === "too many") {
    response.setHeader("retry-after", RETRY_AFTER_SECONDS);
    return answer(response, 503, "Too many clients wait for metrics\n");
  }
  const source = Readable.from(pieces);
  if (begin(request, response)) {
    // The text is so repetitive that the fastest level compresses it to a tenth.
    await pipeline(source, createGzip({ level: constants.Z_BEST_SPEED }), response);
    return;
  }
  response.setHeader(
    "content-length",
    pieces.reduce((length, piece) => length + piece.length, 0),
  );
  await pipeline(source, response);
}

/** Sets the headers of a page. Returns whether it is to be compressed. */
function begin(request: IncomingMessage, response: ServerResponse): boolean {
  const isCompressed = acceptsGzip(request.headers["accept-encoding"]);
  response.setHeader("content-type", CONTENT_TYPE);
  response.setHeader("vary", "accept-encoding");
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

function answerHealth(response: ServerResponse, health: () => HealthReport): void {
  let healthy = false;
  let body: string;
  try {
    const report = health();
    body = JSON.stringify(report);
    healthy = report.healthy === true;
  } catch (error) {
    body = JSON.stringify({ healthy: false, error: messageOf(error) });
  }
  answer(response, healthy ? 200 : 503, `${body}\n`, "application/json; charset=utf-8");
}

/** Ends the response. Node leaves out the body if the request was HEAD. */
function answer(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  response.statusCode = status;
  response.setHeader("content-type", type);
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
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
