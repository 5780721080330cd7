import { join } from "node:path";
import { Child, packageRoot } from "./child.ts";
import { collector, pathOf } from "./components.ts";
import { freePorts } from "./free-ports.ts";
import type { GatewayAddresses } from "./gateway.ts";

/** Where a Collector sends, and what it scrapes. */
export interface Neighbours {
  /** The `host:port` of an agent that it scrapes. */
  readonly agent: string;
  /** The URL of a Prometheus that it writes to. */
  readonly remoteWrite: string;
  readonly gateway: GatewayAddresses;
}

/** A real OpenTelemetry Collector with the configuration that the package ships. */
export class CollectorServer {
  readonly child: Child;
  /** The address for OTLP over HTTP. */
  readonly otlpUrl: string;
  /** The address for OTLP over gRPC. */
  readonly otlpGrpcUrl: string;
  /** The address for forecasts of the gateway, by OTLP over HTTP. */
  readonly forecastsUrl: string;
  /** The address of its Prometheus exporter. */
  readonly exporterAddress: string;
  readonly #healthUrl: string;

  static async start(neighbours: Neighbours): Promise<CollectorServer> {
    const server = new CollectorServer(neighbours, await freePorts(6));
    await server.child.waitFor(
      "its health check",
      async () => (await fetch(server.#healthUrl)).ok || undefined,
    );
    return server;
  }

  private constructor(neighbours: Neighbours, ports: readonly number[]) {
    const [grpc, http, exporter, health, own, forecasts] = ports.map((port) => `127.0.0.1:${port}`) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    this.otlpUrl = `http://${http}`;
    this.otlpGrpcUrl = `http://${grpc}`;
    this.forecastsUrl = `http://${forecasts}`;
    this.exporterAddress = exporter;
    this.#healthUrl = `http://${health}/`;
    this.child = new Child(
      "collector",
      pathOf(collector),
      ["--config", join(packageRoot, "otel-collector-config.yaml")],
      {
        env: {
          AGENT_TARGET: neighbours.agent,
          GATEWAY_OTLP_ENDPOINT: neighbours.gateway.otlpGrpc,
          GATEWAY_WEB_ADDRESS: neighbours.gateway.web,
          FORECASTS_OTLP_ENDPOINT: forecasts,
          SCRAPE_INTERVAL: "1s",
          OTLP_GRPC_ENDPOINT: grpc,
          OTLP_HTTP_ENDPOINT: http,
          PROMETHEUS_EXPORTER_ENDPOINT: exporter,
          REMOTE_WRITE_URL: neighbours.remoteWrite,
          HEALTH_CHECK_ENDPOINT: health,
          COLLECTOR_METRICS_PORT: own.split(":")[1] as string,
        },
      },
    );
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
