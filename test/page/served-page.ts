import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Assets } from "../../src/page/assets.ts";
import { Page } from "../../src/page/page.ts";
import { pageRoutes } from "../../src/page/page-routes.ts";
import { createRequestHandler } from "../../src/prometheus/request-handler.ts";
import { apiRoutes } from "../../src/status/api-routes.ts";
import { StatusReader } from "../../src/status/status-reader.ts";
import type { Harness } from "../run/harness.ts";

/** A page that is served, and how to end it. */
export interface ServedPage {
  readonly url: string;
  /** How many times the page was loaded. */
  loads(): number;
  close(): void;
}

/** Serves the page of a pipeline as an endpoint does. */
export async function servedPage(harness: Harness): Promise<ServedPage> {
  const reader = new StatusReader({
    engine: () => harness.pipeline.engine,
    alerts: () => harness.pipeline.alerting,
    now: () => harness.world.now(),
    tasksOf: (agent) => (agent === "planner" ? { completed: 1234, failed: 5, active: 2 } : undefined),
  });
  const parts = { reader, service: "shop" };
  let loads = 0;
  const routes = pageRoutes(parts, async () => {
    loads += 1;
    return new Page(parts, new Assets({ script: "export {};", style: "main { color: red }" }));
  });
  const handler = createRequestHandler({
    scrape: async () => ({ format: "text", escaping: "underscores", pieces: [] }),
    health: () => ({ healthy: true }),
    routes: new Map([...apiRoutes(reader), ...routes]),
  });
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loads: () => loads,
    close: () => {
      for (const route of routes.values()) route.close?.();
      server.close();
      server.closeAllConnections();
    },
  };
}
