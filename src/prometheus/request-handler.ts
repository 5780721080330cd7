import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { contentType } from "./serialize.ts";

/** What `/health` answers with: 200 when healthy, 503 when not, and all of it as JSON. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly [detail: string]: unknown;
}

export interface RequestHandlerOptions {
  /** The text of `/metrics`. `patienceMillis` is how long the client waits, where it says so. */
  readonly scrape: (patienceMillis?: number) => Promise<readonly Buffer[]>;
  readonly health: () => HealthReport;
}

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Answers `GET` and `HEAD` of `/metrics` and `/health`; 404 to other paths, 405 to other methods, 400 to no path. */
export function createRequestHandler({ scrape, health }: RequestHandlerOptions): RequestListener {
  const routes = new Map<string, Route>([
    ["/metrics", (request, response) => answerMetrics(request, response, scrape)],
    ["/health", (_, response) => answerHealth(response, health)],
  ]);
  return (request, response) => {
    const path = pathOf(request.url);
    if (path === undefined) return answer(response, 400, "Bad request\n");
    const route = routes.get(path);
    if (route === undefined)
      return answer(response, 404, `Not found. Try ${[...routes.keys()].join(" or ")}.\n`);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return answer(response, 405, "Method not allowed\n");
    }
    Promise.resolve(route(request, response)).catch((error: unknown) => {
      log.debug("prometheus endpoint: a request was not answered in full", error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, `No metrics: ${messageOf(error)}\n`);
    });
  };
}

function pathOf(url: string | undefined): string | undefined {
  const base = "http://localhost";
  return url !== undefined && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}

async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  scrape: RequestHandlerOptions["scrape"],
): Promise<void> {
  const zips = acceptsGzip(request.headers["accept-encoding"]);
  response.setHeader("content-type", contentType);
  response.setHeader("vary", "accept-encoding");
  if (zips) response.setHeader("content-encoding", "gzip");
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const pieces = await scrape(patienceMillis(request)).catch((error: unknown) => {
    response.removeHeader("content-encoding");
    throw error;
  });
  const source = Readable.from(pieces);
  if (zips) {
    // The text repeats itself so much that the fastest level leaves a tenth of it.
    await pipeline(source, createGzip({ level: constants.Z_BEST_SPEED }), response);
    return;
  }
  response.setHeader(
    "content-length",
    pieces.reduce((length, piece) => length + piece.length, 0),
  );
  await pipeline(source, response);
}

/** Prometheus says how long it waits for a scrape; a partial answer must come before that. */
function patienceMillis(request: IncomingMessage): number | undefined {
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

/** Ends the response. Of an answer to HEAD, Node leaves out the body itself. */
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
 * Whether an `Accept-Encoding` header takes gzip: named, or by `*`, and not with a weight of 0.
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
