import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "./child.ts";
import { type Component, pathOf, prometheus } from "./components.ts";

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

/** Other parts of the configuration of a Prometheus, as they are in its file. */
export interface MoreConfiguration {
  readonly global?: Readonly<Record<string, unknown>>;
  readonly scrape_configs?: readonly unknown[];
  readonly remote_read?: readonly unknown[];
  readonly remote_write?: readonly unknown[];
  /** Default: the Prometheus on the PATH. */
  readonly program?: Component;
  /** More arguments of the command line. */
  readonly flags?: readonly string[];
  /** Writes blocks into the folder of the database, before it is opened. */
  readonly fill?: (folder: string) => void;
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

  constructor(
    port: number,
    targets: readonly ScrapeTarget[],
    alerting?: Alerting,
    more: MoreConfiguration = {},
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "otel-forecast-prometheus-"));
    more.fill?.(join(this.#folder, "data"));
    writeFileSync(join(this.#folder, "prometheus.yml"), configuration(targets, alerting, more));
    this.child = new Child(
      "prometheus",
      pathOf(more.program ?? prometheus),
      [
        `--config.file=${join(this.#folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(this.#folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--web.enable-remote-write-receiver",
        "--log.level=warn",
        ...(more.flags ?? []),
      ],
      { cwd: this.#folder },
    );
  }

  async ready(): Promise<void> {
    await this.child.waitFor("/-/ready", async () => (await fetch(`${this.url}/-/ready`)).ok || undefined);
  }

  /**
   * Raw samples of all series of a range selector, for example `up[1m]`.
   *
   * @param time the end of the range, in epoch seconds; default now.
   */
  async samples(rangeSelector: string, time?: number): Promise<StoredSeries[]> {
    return this.#matrix("query", {
      query: rangeSelector,
      ...(time === undefined ? {} : { time: String(time) }),
    });
  }

  /** The values of a query at steps between two times, all in seconds. */
  async range(query: string, start: number, end: number, step: number): Promise<StoredSeries[]> {
    return this.#matrix("query_range", {
      query,
      start: String(start),
      end: String(end),
      step: String(step),
    });
  }

  async #matrix(path: string, parameters: Readonly<Record<string, string>>): Promise<StoredSeries[]> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const body = (await response.json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    if (body.data === undefined) throw new Error(`Prometheus refused ${parameters.query}: ${body.error}`);
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
function configuration(
  targets: readonly ScrapeTarget[],
  alerting: Alerting | undefined,
  { fill: _, flags: __, program: ___, ...more }: MoreConfiguration,
): string {
  const { ruleFiles = [], alertmanager, interval } = alerting ?? {};
  return JSON.stringify({
    ...more,
    global: { ...(interval === undefined ? {} : { evaluation_interval: interval }), ...more.global },
    ...(ruleFiles.length === 0 ? {} : { rule_files: ruleFiles }),
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: [
      ...(more.scrape_configs ?? []),
      ...targets.map(({ road, address, interval, access }) => ({
        job_name: road,
        scrape_interval: interval,
        scrape_timeout: interval,
        honor_labels: true,
        ...access,
        static_configs: [{ targets: [address], labels: { road } }],
      })),
    ],
  });
}
