import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Child, packageRoot } from "./child.ts";
import { freePorts } from "./free-ports.ts";
import { PrometheusServer } from "./prometheus.ts";

const REGISTER = ["--import", "otel-forecast/register"];
const RULES = join(packageRoot, "examples/monitoring/prometheus/otel-forecast.rules.yml");
/** The job of a gateway, as `--print-prometheus` names it. */
const GATEWAY_JOB = "otel-forecast-gateway";

/** What the gateway asks in place of the exporters of machines that its example names. */
const QUERIES = {
  disk_used_ratio: "max(system_disk_usage_percent) / 100",
  memory_used_ratio: "max(system_memory_usage_percent) / 100",
  request_rate: "sum by (job) (rate(ai_cloud_task_duration_seconds_count[10s]))",
};

/** The examples, a gateway and a real Prometheus that scrapes them every second: what dashboards show. */
export class DashboardScene {
  readonly prometheus: PrometheusServer;
  /** The self-healing example. */
  readonly example: Child;
  readonly #others: readonly Child[];
  readonly #folder = mkdtempSync(join(tmpdir(), "otel-forecast-scene-"));
  readonly #sending: NodeJS.Timeout;

  /** @param horizonSeconds how far ahead all of them forecast. */
  static async started(horizonSeconds: number): Promise<DashboardScene> {
    const scene = new DashboardScene(`${horizonSeconds}s`, await freePorts(7));
    await scene.prometheus.ready();
    return scene;
  }

  private constructor(horizon: string, ports: readonly number[]) {
    const [example, model, stream, web, grpc, http, server] = ports as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const scraped = { "self-healing": example, weather: model, umbrella: stream, [GATEWAY_JOB]: web };
    this.prometheus = new PrometheusServer(
      server,
      [],
      { ruleFiles: [RULES], interval: "1s" },
      {
        scrape_configs: Object.entries(scraped).map(([job, port]) => ({
          job_name: job,
          scrape_interval: "1s",
          scrape_timeout: "1s",
          honor_labels: true,
          static_configs: [{ targets: [`127.0.0.1:${port}`] }],
        })),
      },
    );
    const envOf = (port: number) => ({
      OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_FORECAST_HORIZONS: horizon,
    });
    const agent = (name: string, file: string, env: Readonly<Record<string, string>>): Child =>
      new Child(name, process.execPath, [...REGISTER, file], {
        env: { OTEL_FORECAST_COLLECTION_INTERVAL: "1000", OTEL_SERVICE_NAME: name, ...env },
      });
    this.example = new Child("example", process.execPath, ["examples/self-healing/start.mjs"], {
      env: envOf(example),
    });
    this.#others = [
      agent("weather", "examples/ai-sdk-agent/agent.mjs", {
        ...envOf(model),
        OTEL_FORECAST_CONFIG_FILE: "examples/ai-sdk-agent/budget.yaml",
      }),
      agent("umbrella", "test/e2e/apps/streaming-agent.mjs", envOf(stream)),
      this.#gateway({ horizon, web, grpc, http, prometheus: this.prometheus.url }),
    ];
    this.#sending = setInterval(() => void send(http).catch(() => {}), 1000);
  }

  /** The gateway of the example, on these ports. */
  #gateway(at: { horizon: string; web: number; grpc: number; http: number; prometheus: string }): Child {
    const example = join(packageRoot, "examples/gateway/gateway.yaml");
    const { web: _, ...file } = parse(readFileSync(example, "utf8"));
    const own = {
      ...file,
      interval: "1s",
      horizons: [at.horizon],
      receivers: { otlp: { grpc: `127.0.0.1:${at.grpc}`, http: `127.0.0.1:${at.http}` } },
      sources: [{ prometheus: at.prometheus, queries: QUERIES }],
      outputs: { ...file.outputs, prometheus: { address: `127.0.0.1:${at.web}` } },
      state: { directory: join(this.#folder, "state") },
    };
    writeFileSync(join(this.#folder, "gateway.yaml"), stringify(own));
    const args = [join(packageRoot, "dist/cli.cjs"), "gateway", "--config", "gateway.yaml"];
    return new Child("gateway", process.execPath, args, { cwd: this.#folder });
  }

  async stop(): Promise<void> {
    clearInterval(this.#sending);
    for (const child of [this.example, ...this.#others]) await child.stop();
    await this.prometheus.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Sends a point, and something that is no message of OTLP. */
async function send(port: number): Promise<void> {
  const seconds = Date.now() / 1000;
  const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 20 + 10 * Math.sin(seconds / 20) };
  const metrics = [{ name: "queue.size", gauge: { dataPoints: [point] } }];
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
  for (const body of [JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }), "{"])
    await fetch(`http://127.0.0.1:${port}/v1/metrics`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
}
