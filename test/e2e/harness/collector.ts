import { join } from "node:path";
import { Child, packageRoot } from "./child.ts";
import { collector, pathOf } from "./components.ts";
import { freePorts } from "./free-ports.ts";

/** A real OpenTelemetry Collector with the configuration that the package ships. */
export class CollectorServer {
  readonly child: Child;
  /** The address for OTLP over HTTP. */
  readonly otlpUrl: string;
  /** The address for OTLP over gRPC. */
  readonly otlpGrpcUrl: string;
  /** The address of its Prometheus exporter. */
  readonly exporterAddress: string;
  readonly #healthUrl: string;

  /** `agentTarget` is what it scrapes; `remoteWriteUrl` is the Prometheus that it writes to. */
  static async start(agentTarget: string, remoteWriteUrl: string): Promise<CollectorServer> {
    const server = new CollectorServer(agentTarget, remoteWriteUrl, await freePorts(5));
    await server.child.waitFor(
      "its health check",
      async () => (await fetch(server.#healthUrl)).ok || undefined,
    );
    return server;
  }

  private constructor(agentTarget: string, remoteWriteUrl: string, ports: readonly number[]) {
    const [grpc, http, exporter, health, own] = ports.map((port) => `127.0.0.1:${port}`) as [
      string,
      string,
      string,
      string,
      string,
    ];
    this.otlpUrl = `http://${http}`;
    this.otlpGrpcUrl = `http://${grpc}`;
    this.exporterAddress = exporter;
    this.#healthUrl = `http://${health}/`;
    this.child = new Child(
      "collector",
      pathOf(collector),
      ["--config", join(packageRoot, "otel-collector-config.yaml")],
      {
        env: {
          AGENT_TARGET: agentTarget,
          SCRAPE_INTERVAL: "1s",
          OTLP_GRPC_ENDPOINT: grpc,
          OTLP_HTTP_ENDPOINT: http,
          PROMETHEUS_EXPORTER_ENDPOINT: exporter,
          REMOTE_WRITE_URL: remoteWriteUrl,
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
