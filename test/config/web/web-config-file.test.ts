import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hashSync } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webConfigFile } from "../../../src/config/web/web-config-file.ts";
import { needs, pathOf, promtool } from "../../e2e/harness/components.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-web-"));
  cpSync(resolve(import.meta.dirname, "../../fixtures/web"), folder, { recursive: true });
  writeFileSync(join(folder, "long.crt"), "#".repeat(2 ** 20 + 1));
});
afterAll(() => rmSync(folder, { recursive: true }));

const hash = hashSync("secret", 4);
const pair = "cert_file: server.crt, key_file: server.key";

function written(content: string): string {
  const path = join(folder, "web.yml");
  writeFileSync(path, content);
  return path;
}

async function errorOf(content: string): Promise<string> {
  const error = await webConfigFile(written(content))
    .read()
    .then(
      () => undefined,
      (thrown: Error) => thrown,
    );
  return error?.message.replaceAll(`${folder}/`, "") ?? "accepted";
}

/** Files that are right for us and for promtool, which reads them as every exporter does. */
const RIGHT = [
  "{}",
  "tls_server_config:\nbasic_auth_users:\n",
  `basic_auth_users: { a: ${hash}, b: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG }`,
  `tls_server_config: { ${pair} }`,
  `tls_server_config: { ${pair}, min_version: TLS13, max_version: TLS13, prefer_server_cipher_suites: false }`,
  `tls_server_config: { ${pair}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt }`,
  `tls_server_config: { ${pair}, cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256], curve_preferences: [X25519, CurveP521] }`,
  "http_server_config: { http2: false, headers: { Strict-Transport-Security: max-age=31536000, X-Content-Type-Options: nosniff } }",
];

/** Files that are wrong for us and for promtool, and what we say. */
const WRONG: readonly (readonly [string, string])[] = [
  ["basic_auth_users: { a: plain }", '"basic_auth_users.a": must be a bcrypt hash'],
  ["basic_auth_users: [a]", '"basic_auth_users": must be a mapping, got a list'],
  ["rate_limit: []", '"rate_limit": must be a mapping, got a list'],
  ["basic_auth_users: { constructor: plain }", '"basic_auth_users.constructor": must be a bcrypt hash'],
  ["basic_auth_user: {}", 'unknown key "basic_auth_user"'],
  ["tls_server_config: { cert_file: server.crt }", '"tls_server_config.key_file": is missing'],
  ["tls_server_config: { key_file: server.key }", '"tls_server_config.cert_file": is missing'],
  [
    "tls_server_config: { cert_file: long.crt, key_file: server.key }",
    '"tls_server_config.cert_file": must be a file that can be read (long.crt is longer than 1 MiB)',
  ],
  [
    "tls_server_config: { cert_file: server.crt, key_file: . }",
    '"tls_server_config.key_file": must be a file that can be read',
  ],
  [
    "tls_server_config: { cert_file: no.crt, key_file: server.key }",
    '"tls_server_config.cert_file": must be a file that can be read (ENOENT',
  ],
  [
    "tls_server_config: { cert_file: server.key, key_file: server.key }",
    '"tls_server_config.cert_file": must be a certificate in PEM format',
  ],
  [
    "tls_server_config: { cert_file: server.crt, key_file: renewed.key }",
    '"tls_server_config.key_file": must be the private key of the certificate',
  ],
  [
    `tls_server_config: { ${pair}, min_version: TLS14 }`,
    '"tls_server_config.min_version": must be one of TLS12, TLS13',
  ],
  [
    `tls_server_config: { ${pair}, cipher_suites: [FAST] }`,
    '"tls_server_config.cipher_suites.0": must be one of TLS_AES_128_GCM_SHA256',
  ],
  [
    `tls_server_config: { ${pair}, curve_preferences: [P1] }`,
    '"tls_server_config.curve_preferences.0": must be one of CurveP256',
  ],
  [
    `tls_server_config: { ${pair}, client_auth_type: Trust }`,
    '"tls_server_config.client_auth_type": must be one of NoClientCert',
  ],
  [
    `tls_server_config: { ${pair}, client_ca_file: authority.crt }`,
    '"tls_server_config.client_auth_type": must be set',
  ],
  [
    "http_server_config: { headers: { X-Powered-By: us } }",
    'unknown key "http_server_config.headers.X-Powered-By"',
  ],
  [
    "http_server_config: { headers: { X-Frame-Options: allow } }",
    '"http_server_config.headers.X-Frame-Options": must be one of deny, sameorigin',
  ],
  ["a: [", "web.yml:1: "],
  ["[1]", "web.yml:1: must be a mapping with any of tls_server_config"],
];

/** Files that promtool accepts and we refuse, because they are not safe. */
const STRICTER: readonly (readonly [string, string])[] = [
  [
    `tls_server_config: { ${pair}, min_version: TLS10 }`,
    '"tls_server_config.min_version": must be one of TLS12, TLS13',
  ],
  ["tls_server_config: { min_version: TLS12 }", '"tls_server_config.cert_file": is missing'],
  [
    `tls_server_config: { ${pair}, client_auth_type: RequireAndVerifyClientCert }`,
    '"tls_server_config.client_ca_file": is missing',
  ],
  [
    `basic_auth_users: { a: ${hash.replace("$04$", "$31$")} }`,
    '"basic_auth_users.a": must have a bcrypt cost from 4 to 15',
  ],
  [
    'http_server_config: { headers: { Content-Security-Policy: "a\\r\\nSet-Cookie: b" } }',
    '"http_server_config.headers.Content-Security-Policy": must be a text of one line',
  ],
];

describe("a web configuration file", () => {
  it.for(RIGHT)("%s is right", async (content, context) => {
    expect(await errorOf(content)).toBe("accepted");
    needs(context, promtool);
    expect(verdictOf(content)).toBe(0);
  });

  it.for(WRONG)("%s is wrong: %s", async ([content, expected], context) => {
    expect(await errorOf(content)).toContain(expected);
    needs(context, promtool);
    expect(verdictOf(content)).not.toBe(0);
  });

  it.for(STRICTER)("%s is refused, because it is not safe: %s", async ([content, expected]) => {
    expect(await errorOf(content)).toContain(expected);
  });

  it("names file, line and key, and never shows a secret", async () => {
    const error = await errorOf(
      "basic_auth_users:\n  good: 1\n  a: hunter2\ntls_server_config:\n  key: 12345\n",
    );
    expect(error).toMatch(
      /^web\.yml:2: "basic_auth_users\.good".*; web\.yml:3: "basic_auth_users\.a".*; web\.yml:5: /,
    );
    expect(error).not.toMatch(/hunter2|12345/);
  });

  it("may hold the certificates itself, and keys that older promtools do not know", async () => {
    const { config, files } = await webConfigFile(
      written(
        `tls_server_config: ${JSON.stringify({ cert: pem("server.crt"), key: pem("server.key") })}\nrate_limit: { interval: 1m500ms, burst: 3 }\n`,
      ),
    ).read();
    expect(files).toEqual([]);
    expect(config.tls?.options.minVersion).toBe("TLSv1.2");
    expect(config.rateLimit).toEqual({ intervalMillis: 60_500, burst: 3 });
    expect(
      await errorOf(
        `tls_server_config: { ${pair}, client_auth_type: RequireAnyClientCert, client_allowed_sans: [a] }`,
      ),
    ).toBe("accepted");
    expect(await errorOf("rate_limit: { interval: fast, burst: 1 }")).toContain(
      '"rate_limit.interval": must be a duration',
    );
    expect(await errorOf("rate_limit: { interval: 1s }")).toContain('"rate_limit.burst": must be at least 1');
  });
});

function pem(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function verdictOf(content: string): number | null {
  return spawnSync(pathOf(promtool), ["check", "web-config", written(content)]).status;
}
