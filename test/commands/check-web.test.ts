import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { type CheckResult, checkWebFile, isWebFile } from "../../src/commands/check-web.ts";

const path = resolve(import.meta.dirname, "../fixtures/web/web.yml");

/** Checks a file that is beside the certificates of the tests, without writing it. */
function check(content: string): CheckResult {
  const readFile = (name: string): string => (name === path ? content : readFileSync(name, "utf8"));
  const { isRight, lines } = checkWebFile(path, { readFile });
  return { isRight, lines: lines.map((line) => line.replace(path, "web.yml")) };
}

const tls = "tls_server_config: { cert_file: server.crt, key_file: server.key }\n";
const users = "basic_auth_users: { a: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG }\n";

it("a web configuration that is right is summed up, with remarks on what is not safe", () => {
  expect(check(tls + users)).toEqual({
    isRight: true,
    lines: ["web.yml: TLSv1.2 to TLSv1.3, NoClientCert, 1 user, 0 headers, no limit of requests"],
  });
  expect(check(tls).lines[1]).toBe("remark: no login is needed to read the metrics");
  expect(check(users).lines[1]).toBe("remark: passwords are sent without encryption");
});

it("a web configuration that is wrong is refused with line and key", () => {
  expect(check(tls.replace("server.key", "renewed.key"))).toEqual({
    isRight: false,
    lines: [
      expect.stringMatching(
        /^web\.yml:1: "tls_server_config\.key_file": must be the private key of the certificate/,
      ),
    ],
  });
  const lines = check("basic_auth_users:\n  a: b\nrate: 1\n").lines.map((line) => line.split(/ must|; /)[0]);
  expect(lines).toEqual(['web.yml:2: "basic_auth_users.a":', 'web.yml:3: unknown key "rate"']);
});

it.each([
  [tls, true],
  [`{ ${users.trim()} }`, true],
  ['{"http_server_config": {}}', true],
  ["horizons: [1m]\n# basic_auth_users: none\n", false],
  ["thresholds: { basic_auth_users: { above: 1 } }", false],
])("%s is recognized as a web configuration: %s", (content, expected) => {
  expect(isWebFile(path, () => content)).toBe(expected);
});
