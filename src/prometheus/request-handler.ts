import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
// Not the global one, which the application may have replaced by an older polyfill.
import { URL } from "node:url";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { answer, type Route } from "./answers.ts";
import { MetricsRoute, type PageSource } from "./metrics-route.ts";

/** The answer to `/health`, as JSON. Its status is 200 if healthy, otherwise 503. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly [detail: string]: unknown;
}

/** Where the answers come from. */
export interface RequestHandlerOptions extends PageSource {
  readonly health: () => HealthReport;
  /**
   * Further answers, by path. One that ends in `/` answers all paths that have one part more, except
   * `/` itself.
   */
  readonly routes?: ReadonlyMap<string, Route> | undefined;
}

/**
 * Answers `GET` and `HEAD` of `/metrics` and `/health`, and further routes. Other paths get 404, other
 * methods 405, and a URL that cannot be parsed 400.
 */
export function createRequestHandler({
  health,
  routes: more,
  ...pages
}: RequestHandlerOptions): RequestListener {
  const routes = new Map<string, Route>([
    ["/metrics", new MetricsRoute(pages)],
    ["/health", { methods: ["GET", "HEAD"], answer: (_, response) => answerHealth(response, health) }],
    ...(more ?? []),
  ]);
  return (request, response) => {
    const path = pathOf(request.url);
    if (path === undefined) return answer(response, 400, "Bad request\n");
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const route = routes.get(path) ?? (folder === "/" ? undefined : routes.get(folder));
    if (route === undefined || !isThere(route))
      return answer(response, 404, `Not found. Try ${pathsIn(routes).join(" or ")}.\n`);
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

function isThere(route: Route): boolean {
  return route.isThere?.() !== false;
}

function pathsIn(routes: ReadonlyMap<string, Route>): string[] {
  return [...routes].flatMap(([path, route]) => (isThere(route) ? [path] : []));
}

async function answered(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await route.answer(request, response);
}

/** The path of the target of a request, which a client of a proxy names with a host. */
function pathOf(target: string | undefined): string | undefined {
  const base = "http://localhost";
  if (target === undefined || !URL.canParse(target, base)) return undefined;
  // A path that begins with two slashes names no host.
  return new URL(target.startsWith("/") ? `${base}${target}` : target, base).pathname;
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
