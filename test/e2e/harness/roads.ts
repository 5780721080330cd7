import { Child } from "./child.ts";
import { CollectorServer } from "./collector.ts";
import { freePorts } from "./free-ports.ts";
import { GatewayServer } from "./gateway.ts";
import { PrometheusServer, type StoredSeries } from "./prometheus.ts";

const serviceName = "e2e-agent";

/** Each way from an agent to Prometheus, and the labels in Prometheus that identify it. */
export const roads = {
  "scraped directly": '{road="direct"',
  "scraped by the Collector, scraped from it": '{road="collector",job="agents"',
  "scraped by the Collector, written remotely": '{road="",job="agents"',
  "pushed to the Collector, scraped from it": `{road="collector",job="${serviceName}"`,
  "pushed to the Collector, written remotely": `{road="",job="${serviceName}"`,
} as const;

export type Road = keyof typeof roads;

/** An agent, a Collector with its gateway, and a Prometheus, connected by all ways between them. */
export class Roads {
  readonly agent: Child;
  readonly metricsUrl: string;
  readonly #gateway: GatewayServer;
  readonly #collector: CollectorServer;
  readonly #prometheus: PrometheusServer;

  /**
   * Node runs `script` and its arguments, with variables that make it listen and push: over HTTP,
   * unless `env` has `grpc`.
   */
  static async open(script: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Roads> {
    const [agentPort, prometheusPort, ...ofGateway] = (await freePorts(4)) as [
      number,
      number,
      number,
      number,
    ];
    const agentAddress = `127.0.0.1:${agentPort}`;
    const [otlpGrpc, web] = ofGateway.map((port) => `127.0.0.1:${port}`) as [string, string];
    const gateway = await GatewayServer.start({ otlpGrpc, web });
    const collector = await CollectorServer.start({
      agent: agentAddress,
      remoteWrite: `http://127.0.0.1:${prometheusPort}/api/v1/write`,
      gateway: { otlpGrpc, web },
    });
    const prometheus = new PrometheusServer(prometheusPort, [
      { road: "direct", address: agentAddress, interval: "250ms" },
      { road: "collector", address: collector.exporterAddress, interval: "1s" },
    ]);
    const agent = new Child("agent", process.execPath, script, {
      env: {
        OTEL_SERVICE_NAME: serviceName,
        OTEL_METRICS_EXPORTER: "otlp,prometheus",
        OTEL_EXPORTER_OTLP_ENDPOINT:
          env.OTEL_EXPORTER_OTLP_PROTOCOL === "grpc" ? collector.otlpGrpcUrl : collector.otlpUrl,
        OTEL_METRIC_EXPORT_INTERVAL: "1000",
        OTEL_METRIC_EXPORT_TIMEOUT: "900",
        OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(agentPort),
        ...env,
      },
    });
    const opened = new Roads(agent, `http://${agentAddress}/metrics`, { gateway, collector, prometheus });
    try {
      await prometheus.ready();
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  private constructor(
    agent: Child,
    metricsUrl: string,
    {
      gateway,
      collector,
      prometheus,
    }: { gateway: GatewayServer; collector: CollectorServer; prometheus: PrometheusServer },
  ) {
    this.agent = agent;
    this.metricsUrl = metricsUrl;
    this.#gateway = gateway;
    this.#collector = collector;
    this.#prometheus = prometheus;
  }

  /** The series of these metrics that arrived by a way in the last `window`. */
  arrivals(road: Road, names: readonly string[], window: string): Promise<StoredSeries[]> {
    return this.#prometheus.samples(`${roads[road]},__name__=~"${names.join("|")}"}[${window}]`);
  }

  /**
   * Warnings of the Collector and Prometheus, without those of scrapes before the agent listened.
   */
  get complaints(): string[] {
    return (this.#collector.child.output + this.#prometheus.child.output)
      .split("\n")
      .filter((line) => /\b(warn|error)\b/.test(line) && !line.includes("Failed to scrape"));
  }

  /** Stops everything, the agent first. */
  async close(): Promise<void> {
    await this.agent.stop();
    await this.#collector.stop();
    await this.#gateway.stop();
    await this.#prometheus.stop();
  }
}
