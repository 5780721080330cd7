import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readGatewayFile } from "../../src/config/gateway/read-gateway-file.ts";
import { exposedPorts } from "../../src/gateway/exposed-ports.ts";

// "secret", by htpasswd -nBC 4
const USERS = 'basic_auth_users: { ada: "$2y$04$HbYw8Fj3NS2mjXJEVzkd6ewr6jkA4kzYHQHUMDLMBmRTWCnDk3e3G" }\n';
const folder = mkdtempSync(join(tmpdir(), "otel-forecast-"));

function webFile(content: string): string {
  const path = join(folder, `web-${content.length}.yml`);
  writeFileSync(path, content);
  return path;
}

function exposed(content: string): Promise<string[]> {
  return exposedPorts(readGatewayFile("gateway.yaml", content).settings);
}

it("ports of this machine are not exposed", async () => {
  expect(await exposed("horizons: [1h]")).toEqual([]);
});

it("ports of other hosts are, each by the key that opens it", async () => {
  const content =
    "receivers: { otlp: { grpc: ':4317', http: 'localhost:4318' } }\noutputs: { prometheus: { address: '10.0.0.1:9464' } }";
  expect(await exposed(content)).toEqual([
    "receivers.otlp.grpc (:::4317)",
    "outputs.prometheus (10.0.0.1:9464)",
  ]);
});

it("with users in the web configuration file nothing is exposed", async () => {
  expect(await exposed(`receivers: { otlp: { grpc: ':4317' } }\nweb: ${webFile(USERS)}`)).toEqual([]);
});

it("bearer tokens protect the ports of OTLP, and no others", async () => {
  const tokens = join(folder, "tokens");
  writeFileSync(tokens, "one\n");
  const content =
    `receivers: { otlp: { grpc: ':4317', http: ':4318', bearerTokens: ${tokens} } }\n` +
    "outputs: { prometheus: { address: ':9464' } }";
  expect(await exposed(content)).toEqual(["outputs.prometheus (:::9464)"]);
});

it("a file of bearer tokens that can't be used is an error, also if the ports are not exposed", async () => {
  const tokens = join(folder, "no-tokens");
  const content = `receivers: { otlp: { grpc: 'localhost:4317', bearerTokens: ${tokens} } }`;
  await expect(exposed(content)).rejects.toThrow(`no such file or directory, open '${tokens}'`);
  writeFileSync(tokens, "# none\n\n");
  await expect(exposed(content)).rejects.toThrow(`${tokens} has no bearer token: expected one in each line`);
});

it("a web configuration file without users protects nothing", async () => {
  const file = webFile("http_server_config: { headers: {} }\n");
  expect(await exposed(`receivers: { otlp: { grpc: ':4317' } }\nweb: ${file}`)).toHaveLength(1);
});
