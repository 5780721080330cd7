import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  addTarget,
  printedPrometheus,
  remarksOnTargets,
} from "../../../src/commands/gateway/print-prometheus.ts";
import { type Configured, readConfigured } from "../../../src/gateway/read-configured.ts";
import { needs, promtool } from "../../e2e/harness/components.ts";
import { checkConfig } from "../../e2e/harness/promtool.ts";
import { TLS, USERS } from "../../prometheus/web/protected-endpoint.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-forecast-print-"));
cpSync(resolve(import.meta.dirname, "../../fixtures/web"), folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));
const web = join(folder, "web.yml");

function configured(content: string): Configured {
  return readConfigured("gateway.yaml", {
    environment: {},
    readFile: () => content,
    warn: (message) => expect.unreachable(message),
  });
}

async function printed(content: string, targets: readonly string[] = []) {
  return parse(await printedPrometheus(configured(content), targets));
}

const FULL = `
interval: 30s
receivers: { remoteWrite: { path: /write } }
outputs: { remoteRead: {}, prometheus: { address: "0.0.0.0:9500" } }
members: { count: 2, number: env }
web: ${web}`;

describe("what a Prometheus needs for a gateway", () => {
  it("is a scrape that keeps the labels of the series", async () => {
    expect(await printed("")).toEqual({
      scrape_configs: [
        {
          job_name: "otel-forecast-gateway",
          honor_labels: true,
          scrape_interval: "10s",
          static_configs: [{ targets: ["127.0.0.1:9464"] }],
        },
      ],
    });
  });

  it.for([
    { address: "[::1]:9500", target: "[::1]:9500" },
    { address: "10.0.0.1:9500", target: "10.0.0.1:9500" },
    { address: "gateway-0:9500", target: "gateway-0:9500" },
    { address: "[::]:9500", target: `${hostname()}:9500` },
  ])("scrapes a gateway that listens on $address at an address", async ({ address, target }) => {
    const content = `outputs: { prometheus: { address: "${address}" } }`;
    expect((await printed(content)).scrape_configs).toMatchObject([
      { static_configs: [{ targets: [target] }] },
    ]);
  });

  it("has an entry of remote read for each member and each value of the label", async () => {
    const { remote_read: reads } = await printed("outputs: { remoteRead: {} }", ["a:1", "b:2"]);
    expect(reads).toHaveLength(6);
    expect(reads[4]).toEqual({
      url: "http://b:2/api/v1/read",
      read_recent: true,
      filter_external_labels: false,
      required_matchers: { forecast: "lower" },
    });
  });

  it("writes to each member, and sends no forecast back", async () => {
    const { remote_write: writes } = await printed("receivers: { remoteWrite: { path: /in } }", [
      "a:1",
      "b:2",
    ]);
    expect(writes.map(({ url }: { url: string }) => url)).toEqual(["http://a:1/in", "http://b:2/in"]);
    const [{ source_labels, regex, action }] = writes[0].write_relabel_configs;
    expect([source_labels, action]).toEqual([["__name__"], "drop"]);
    const isLeftOut = (name: string): boolean => new RegExp(`^(?:${regex})$`).test(name);
    const sent = ["load", "load_predicted", "load_predicted_lower", "load_predicted_upper", "forecast_ready"];
    expect(sent.filter((name) => !isLeftOut(name))).toEqual(["load"]);
  });

  it("logs in and encrypts as the web configuration file asks", async () => {
    writeFileSync(web, TLS + USERS);
    const login = {
      basic_auth: {
        username: "prometheus",
        password_file: "/etc/prometheus/otel-forecast-gateway.password",
      },
    };
    const { scrape_configs, remote_read, remote_write } = await printed(FULL);
    expect(scrape_configs).toMatchObject([{ scheme: "https", ...login, scrape_interval: "30s" }]);
    expect(remote_read).toMatchObject([login, login, login]);
    expect(remote_read[0].url).toBe(`https://${hostname()}:9500/api/v1/read`);
    expect(remote_write).toMatchObject([{ url: `https://${hostname()}:9500/write`, ...login }]);
  });

  it("rejects a web configuration file that is wrong", async () => {
    writeFileSync(web, "basic_auth_users: { ada: secret }\n");
    await expect(printed(FULL)).rejects.toThrow(/web\.yml:1: .*basic_auth_users\.ada/);
  });

  it("is a configuration that Prometheus takes", async (context) => {
    needs(context, promtool);
    writeFileSync(web, TLS + USERS);
    for (const content of ["", FULL]) {
      const verdict = checkConfig(await printedPrometheus(configured(content), ["a:1", "[::1]:2"]));
      expect(verdict.status, verdict.said).toBe(0);
    }
  });
});

it("remarks that the addresses are not those of all members", () => {
  const three = configured("members: { count: 3, number: 0 }");
  expect(remarksOnTargets(three, [])).toEqual([expect.stringContaining("name the 3 members")]);
  expect(remarksOnTargets(three, ["a:1"])).toEqual([
    expect.stringContaining('1 addresses are named, and "members"'),
  ]);
  expect(remarksOnTargets(three, ["a:1", "b:1", "c:1"])).toEqual([]);
  expect(remarksOnTargets(configured(""), [])).toEqual([]);
});

it("takes addresses that Prometheus can reach, and no others", () => {
  expect(addTarget("b:2", addTarget("a:1", undefined))).toEqual(["a:1", "b:2"]);
  for (const wrong of ["a", ":9464", "a:0", "a:99999", "http://a:1", ""])
    expect(() => addTarget(wrong, undefined), wrong).toThrow(/HOST:PORT/);
});
