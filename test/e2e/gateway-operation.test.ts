import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { Child, type Exit, packageRoot } from "./harness/child.ts";
import { needs, prometheus, promtool } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PrometheusServer } from "./harness/prometheus.ts";
import { checkConfig, checkRules } from "./harness/promtool.ts";
import { waitFor } from "./harness/wait-for.ts";

const example = join(packageRoot, "examples/gateway");
const CLI = join(packageRoot, "dist/cli.cjs");
const USER = "prometheus";
const PASSWORD = "correct horse";
const LIMIT = 1000;
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;

describe("the example of a gateway, with a real Prometheus", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-operation-"));
  let web = "";
  let otlp = "";
  let gateway: Child;
  let server: PrometheusServer | undefined;
  let sending: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    const [grpcPort, otlpPort, webPort, serverPort] = (await freePorts(4)) as [
      number,
      number,
      number,
      number,
    ];
    [web, otlp] = [`127.0.0.1:${webPort}`, `127.0.0.1:${otlpPort}`];
    const { sources: _, ...file } = parse(readFileSync(join(example, "gateway.yaml"), "utf8"));
    const own = {
      ...file,
      // Faster, on free ports, with a threshold on what is sent here.
      interval: "1s",
      horizons: ["15s", "30s"],
      receivers: { otlp: { grpc: `0.0.0.0:${grpcPort}`, http: `0.0.0.0:${otlpPort}` } },
      outputs: { ...file.outputs, prometheus: { address: `0.0.0.0:${webPort}` } },
      state: { directory: join(folder, "state") },
      thresholds: { depth: { above: LIMIT } },
    };
    writeFileSync(join(folder, "gateway.yaml"), stringify(own));
    writeFileSync(join(folder, "web.yml"), `basic_auth_users: { ${USER}: "${hashSync(PASSWORD, 4)}" }\n`);
    gateway = new Child("gateway", process.execPath, [CLI, "gateway", "--config", "gateway.yaml"], {
      cwd: folder,
    });
    await gateway.waitFor("an answer of the gateway", async () =>
      (await probe("/-/healthy", {})) === 0 ? true : undefined,
    );
    const startedAt = Date.now();
    sending = setInterval(() => void send((10 * (Date.now() - startedAt)) / 1000).catch(() => {}), 500);
    if (prometheus.path === undefined) return;
    server = await startPrometheus(serverPort);
  });

  afterAll(async () => {
    clearInterval(sending);
    await server?.stop();
    await gateway.stop();
    rmSync(folder, { recursive: true });
  });

  function command(...args: string[]): string {
    const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return stdout;
  }

  /** The exit code of the probe of the image. */
  async function probe(path: string, env: Readonly<Record<string, string>>): Promise<Exit["code"]> {
    const asked = new Child("probe", process.execPath, [join(example, "probe.mjs"), path], {
      env: { PROBE_URL: `http://${web}`, ...env },
    });
    return (await asked.ends()).code;
  }

  async function send(value: number): Promise<void> {
    const point = { timeUnixNano: `${Date.now()}000000`, asDouble: value };
    const metrics = [{ name: "depth", gauge: { dataPoints: [point] } }];
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
    await fetch(`http://${otlp}/v1/metrics`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: AUTHORIZATION },
      body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: {}, metrics }] }] }),
    });
  }

  async function startPrometheus(port: number): Promise<PrometheusServer> {
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, PASSWORD);
    const printed = command("gateway", "--config", "gateway.yaml", "--print-prometheus", web).replaceAll(
      /password_file: .*/g,
      `password_file: ${passwordFile}`,
    );
    const rules = join(folder, "gateway.rules.yml");
    command("rules", "--config", "gateway.yaml", "--output", rules);
    const alerting = { ruleFiles: [rules], interval: "1s" };
    const started = new PrometheusServer(port, [], alerting, parse(printed));
    await started.ready();
    return started;
  }

  it("says by its probe that it lives, and with a login that it is ready", async () => {
    expect(await probe("/-/ready", {})).toBe(1);
    expect(await probe("/-/ready", { PROBE_USER: USER, PROBE_PASSWORD: "wrong" })).toBe(1);
    await waitFor("a gateway that is ready", async () =>
      (await probe("/-/ready", { PROBE_USER: USER, PROBE_PASSWORD: PASSWORD })) === 0 ? true : undefined,
    );
  });

  it("is scraped with the configuration that is printed, and keeps the labels of its senders", async (context) => {
    needs(context, prometheus);
    const found = await waitFor("a forecast in Prometheus", async () => {
      const [series] = (await server?.samples('depth_predicted{horizon="30s"}[1m]')) ?? [];
      return series;
    });
    expect(found.labels).toMatchObject({ job: "shop", horizon: "30s" });
    const own = await server?.samples("forecast_gateway_streams[1m]");
    expect(own?.[0]?.labels).toMatchObject({ job: "otel-forecast-gateway", instance: web });
  });

  it("fires alerts on the forecast and on its path, and none on the gateway itself", async (context) => {
    needs(context, prometheus);
    const names = ["OtelForecastDepthHeadingHigh", "OtelForecastDepthPathHigh"];
    for (const name of names) {
      const alert = await waitFor(`the alert ${name}`, async () => {
        const [firing] = (await server?.samples(`ALERTS{alertname="${name}",alertstate="firing"}[5m]`)) ?? [];
        return firing;
      });
      expect(alert.labels).toMatchObject({ job: "shop", metric: "depth", limit: String(LIMIT) });
    }
    const firing =
      (await server?.samples('ALERTS{alertname=~"OtelForecastGateway.*",alertstate="firing"}[5m]')) ?? [];
    expect(firing.map(({ labels }) => labels.alertname)).toEqual([]);
  });
});

describe("promtool", () => {
  const generated = (name: string): string => readFileSync(join(example, name), "utf8");

  it("takes the generated files of the example", (context) => {
    needs(context, promtool);
    const config = checkConfig(generated("prometheus/prometheus.yml"));
    expect(config.status, config.said).toBe(0);
    const rules = checkRules(generated("prometheus/otel-forecast-gateway.rules.yml"));
    expect(rules.status, rules.said).toBe(0);
  });

  it.for(["gateway.json", "forecast-quality.json"])(
    "takes every query of the dashboard %s",
    (file, context) => {
      needs(context, promtool);
      const expressions = [...generated(`grafana/${file}`).matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
        ([, text = '""']) => (JSON.parse(text) as string).replaceAll(/\$\w+|\$\{\w+\}/g, "5m"),
      );
      expect(expressions.length).toBeGreaterThan(8);
      const rules = expressions.map((expr, index) => ({ record: `a:b:query${index}`, expr }));
      const verdict = checkRules(stringify({ groups: [{ name: "queries", rules }] }));
      expect(verdict.status, verdict.said).toBe(0);
    },
  );
});
