import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "./child.ts";
import { pathOf, prometheus } from "./components.ts";

/** A target to scrape. Its series get a label `road` for the way by which they arrived. */
export interface ScrapeTarget {
  readonly road: string;
  readonly address: string;
  readonly interval: string;
  /** How to reach it: `scheme`, `basic_auth`, `tls_config` of a scrape configuration. */
  readonly access?: Readonly<Record<string, unknown>>;
}

/** The rules and the Alertmanager of a Prometheus. */
export interface Alerting {
  readonly ruleFiles: readonly string[];
  /** The address of an Alertmanager. */
  readonly alertmanager?: string;
  readonly interval: string;
}

/** A series with its raw samples: epoch seconds and values. */
export interface StoredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [number, number])[];
}

/** A real Prometheus with its own database, which is deleted when it stops. */
export class PrometheusServer {
  readonly url: string;
  readonly child: Child;
  readonly #folder: string;

  /** @param fill writes blocks into the folder of the database, before it is opened. */
  constructor(
    port: number,
    targets: readonly ScrapeTarget[],
    alerting?: Alerting,
    fill: (folder: string) => void = () => {},
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "otel-forecast-prometheus-"));
    fill(join(this.#folder, "data"));
    writeFileSync(join(this.#folder, "prometheus.yml"), configuration(targets, alerting));
    this.child = new Child(
      "prometheus",
      pathOf(prometheus),
      [
        `--config.file=${join(this.#folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(this.#folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--web.enable-remote-write-receiver",
        "--log.level=warn",
      ],
      { cwd: this.#folder },
    );
  }

  async ready(): Promise<void> {
    await this.child.waitFor("/-/ready", async () => (await fetch(`${this.url}/-/ready`)).ok || undefined);
  }

  /** Raw samples of all series of a range selector, for example `up[1m]`. */
  async samples(rangeSelector: string): Promise<StoredSeries[]> {
    const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query: rangeSelector })}`);
    const body = (await response.json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    if (body.data === undefined) throw new Error(`Prometheus refused ${rangeSelector}: ${body.error}`);
    return body.data.result.map(({ metric, values }) => ({
      labels: metric,
      samples: values.map(([at, value]) => [at, Number(value)] as const),
    }));
  }

  async stop(): Promise<void> {
    await this.child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The configuration as JSON, which is valid YAML. */
function configuration(targets: readonly ScrapeTarget[], alerting: Alerting | undefined): string {
  const { ruleFiles = [], alertmanager, interval } = alerting ?? {};
  return JSON.stringify({
    ...(interval === undefined ? {} : { global: { evaluation_interval: interval } }),
    ...(ruleFiles.length === 0 ? {} : { rule_files: ruleFiles }),
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: targets.map(({ road, address, interval, access }) => ({
      job_name: road,
      scrape_interval: interval,
      scrape_timeout: interval,
      honor_labels: true,
      ...access,
      static_configs: [{ targets: [address], labels: { road } }],
    })),
  });
}
