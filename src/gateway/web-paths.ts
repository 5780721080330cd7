import type { RequestListener } from "node:http";
import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import type { PageParts } from "../page/page-reader.ts";
import { pageRoutes } from "../page/page-routes.ts";
import type { Route } from "../prometheus/answers.ts";
import { routesInTurn } from "../prometheus/routes-in-turn.ts";
import { apiRoutes } from "../status/api-routes.ts";
import type { StatusReader } from "../status/status-reader.ts";
import { controlRoutes, type GatewayControl } from "./control-routes.ts";
import type { PathSource } from "./outputs/path-source.ts";
import { remoteReadOutput } from "./outputs/remote-read.ts";
import { listenersByTenant } from "./receivers/listeners-by-tenant.ts";
import type { PostponedBecause } from "./receivers/postponement.ts";
import { remoteWriteReceiver } from "./receivers/remote-write.ts";
import type { GatewayCounts } from "./self-observation.ts";
import type { StreamTable } from "./streams/stream-table.ts";

/** The name of remote write in the metrics of the gateway. */
const REMOTE_WRITE = "remote_write";
const REMOTE_READ = "remote_read";
/** The path that Prometheus has for it too. */
const READ_PATH = "/api/v1/read";

/** What the paths of the web port ask and do. */
export interface WebPathParts {
  readonly control: GatewayControl;
  readonly streams: StreamTable;
  readonly paths: PathSource;
  readonly status: StatusReader;
  /** The name of the process on the page, and whether the page is shown now. */
  readonly page: Pick<PageParts, "service" | "isShown">;
  readonly counts: GatewayCounts;
  /** Why nothing is taken now. */
  readonly postponedBecause: PostponedBecause;
}

/** The paths of the web port beside `/metrics` and `/health`. */
export function webPaths(settings: GatewaySettings, parts: WebPathParts): Map<string, Route> {
  const { status, page } = parts;
  const routes = new Map([
    ...controlRoutes(parts.control),
    ...routesInTurn(new Map([...apiRoutes(status), ...pageRoutes({ reader: status, ...page })])),
  ]);
  const { remoteWritePath } = settings.receivers;
  if (remoteWritePath !== undefined) routes.set(remoteWritePath, posted(remoteWrite(settings, parts)));
  if (settings.outputs.remoteRead) routes.set(READ_PATH, posted(remoteRead(parts)));
  return routes;
}

function remoteWrite({ limits, tenants }: GatewaySettings, parts: WebPathParts): RequestListener {
  const { streams, counts, postponedBecause } = parts;
  return listenersByTenant(tenants.header, (tenant) =>
    remoteWriteReceiver({
      intake: streams.intakeFor(tenant),
      limits: { maxBodyBytes: limits.bodyBytes },
      postponedBecause,
      observer: {
        received: (samples) => counts.received(REMOTE_WRITE, samples, tenant),
        refused: (reason) => counts.refused(REMOTE_WRITE, reason, 1, tenant),
        dropped: (reason, samples) => counts.dropped(reason, samples, tenant),
      },
    }),
  );
}

function remoteRead({ paths, counts }: WebPathParts): RequestListener {
  return remoteReadOutput({
    source: paths,
    observer: { answered: () => {}, refused: (reason) => counts.refused(REMOTE_READ, reason) },
  });
}

function posted(listener: RequestListener): Route {
  return { methods: ["POST"], answer: (request, response) => listener(request, response) };
}
