import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hashSync } from "bcryptjs";
import { afterEach, expect, it } from "vitest";
import { needs, prometheus } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PluginApp } from "./harness/plugin-app.ts";
import { PrometheusServer, type ScrapeTarget } from "./harness/prometheus.ts";
import { waitFor } from "./harness/wait-for.ts";

const user = "prometheus";
const agentSamples = 'ai_cloud_cpu_usage_percent{road="login"}[1m]';
const toEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

it("is scraped by a Prometheus with the right login, and by nobody else", async (context) => {
  needs(context, prometheus);
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-protected-"));
  toEnd.push(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(resolve(import.meta.dirname, "../fixtures/web"), folder, { recursive: true });
  const protect = (certificate: string, password: string): void =>
    writeFileSync(
      join(folder, "web.yml"),
      `tls_server_config: { cert_file: ${certificate}.crt, key_file: ${certificate}.key }
basic_auth_users: { ${user}: ${hashSync(password, 4)} }
`,
    );
  protect("server", "secret");

  const app = await PluginApp.start(["test/e2e/apps/es-module.mjs"], {
    OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
    OTEL_FORECAST_WEB_CONFIG: join(folder, "web.yml"),
    OTEL_FORECAST_REQUIRE_AUTH: "true",
  });
  toEnd.push(() => app.stop());
  const address = new URL(app.metricsUrl).host;
  const tls_config = { ca_file: join(folder, "authority.crt"), server_name: "localhost" };
  const login = (password: string) => ({
    scheme: "https",
    tls_config,
    basic_auth: { username: user, password },
  });
  const target = (road: string, access?: ScrapeTarget["access"]): ScrapeTarget => ({
    road,
    address,
    interval: "500ms",
    ...(access === undefined ? {} : { access }),
  });
  const [port] = (await freePorts(1)) as [number];
  const server = new PrometheusServer(port, [
    target("login", login("secret")),
    target("changed login", login("changed")),
    target("no login", { scheme: "https", tls_config }),
    target("no encryption"),
  ]);
  toEnd.push(() => server.stop());
  await server.ready();
  const lastUp = async (road: string) =>
    (await server.samples(`up{road="${road}"}[1m]`))[0]?.samples.at(-1)?.[1];
  const isUp = (road: string, wanted: number) =>
    waitFor(`up ${wanted} of "${road}"`, async () => ((await lastUp(road)) === wanted ? true : undefined));
  const everUp = async (road: string) =>
    (await server.samples(`up{road="${road}"}[1h]`)).flatMap(({ samples }) => samples.map(([, up]) => up));

  await isUp("login", 1);
  await waitFor("samples", async () => ((await server.samples(agentSamples)).length > 0 ? true : undefined));
  await isUp("changed login", 0);

  protect("renewed", "changed");
  await isUp("changed login", 1);
  await isUp("login", 0);
  for (const road of ["no login", "no encryption"]) expect(new Set(await everUp(road))).toEqual(new Set([0]));
});
