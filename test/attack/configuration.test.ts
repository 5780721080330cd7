import fc from "fast-check";
import { expect, it } from "vitest";
import { ConfigurationError, readConfiguration } from "../../src/config/configuration.ts";
import { resolveOptions } from "../../src/config/resolve-options.ts";
import { settings } from "../../src/config/settings.ts";
import { parseWebFile } from "../../src/config/web/web-config-file.ts";
import { webFile } from "../../src/config/web/web-schema.ts";
import { runs } from "../harness/runs.ts";
import { anyJson, anyText } from "./harness/any-text.ts";

const FILE = `horizons: [15m, 1h]
method: auto
timeZone: Europe/Berlin
views:
  - instrument: queue.depth
    number: level
    by: [shop]
    threshold: { above: 100 }
    horizons: [15m]
    season: 1d
  - instrument: [orders, sales]
    where: { region: "e*" }
    number: ratio
    of: { status: "5??" }
thresholds: { system_cpu_usage_percent: { above: 90 } }
prices: [{ model: "gpt-*", input: 1, output: 2.5 }]
alerts:
  - { name: Full, metric: queue_depth, threshold: { above: 5 }, on: level, for: 30s, actions: [call] }
actions:
  call: { webhook: "http://127.0.0.1:1/" }
`;
const WEB = `tls_server_config: { cert_file: a.crt, key_file: a.key, min_version: TLS12 }
basic_auth_users: { prometheus: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG }
http_server_config: { headers: { X-Frame-Options: deny } }
rate_limit: { interval: 1s, burst: 5 }
`;
const TOKENS = [
  "views:",
  "alerts:",
  "- ",
  "{",
  "}",
  "[",
  "]",
  ": ",
  "\n  ",
  "!!binary ",
  "null",
  "1d",
  "*",
  "?",
];
const WEB_TOKENS = [...Object.keys(webFile.entries), ": ", "{", "}", "TLS13", "1h1m", "-1", "\n  ", "null"];
const VALUES = [
  "0",
  "-1",
  "true",
  "1h,2h",
  "file:",
  "file:/nowhere/x",
  "5m",
  "naive",
  "localhost",
  "0x10",
  "1e3",
];
/** The text of each mistake begins like this. */
const PLACE = /^web\.yml:\d+: |^conf\.yaml:\d+: /;

function mustSayWhere(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const finding of error.findings) expect(finding).toMatch(PLACE);
  }
}

it("configuration file", () => {
  const content = fc.oneof(
    anyText([FILE], TOKENS),
    anyJson.map((it) => JSON.stringify(it)),
  );
  fc.assert(
    fc.property(content, (text) => mustSayWhere(() => readConfiguration("conf.yaml", text))),
    { numRuns: runs(100) },
  );
  expect(readConfiguration("conf.yaml", FILE).views).toHaveLength(2);
});

it("web configuration file", () => {
  const absent = (): never => {
    throw new Error("no such file");
  };
  const content = fc.oneof(
    anyText([WEB], WEB_TOKENS),
    anyJson.map((it) => JSON.stringify(it)),
  );
  fc.assert(
    fc.property(content, (text) => mustSayWhere(() => parseWebFile("web.yml", text).configWith(absent))),
    { numRuns: runs(100) },
  );
  expect(parseWebFile("web.yml", WEB).files).toHaveLength(2);
});

it("variables and the file that they name", () => {
  const own = Object.values(settings).map(({ variable }) => variable);
  const names = [...own, "OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_PROMETHEUS_PORT", "OTEL_LOG_LEVEL"];
  const value = fc.oneof(fc.constantFrom(...VALUES), anyText(VALUES, VALUES));
  const variables = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 });
  fc.assert(
    fc.property(variables, anyText([FILE], TOKENS), (environment, text) => {
      const warnings: string[] = [];
      const warn = (line: string): void => void warnings.push(line);
      // Wrong variables and files are logged. What the application runs on stays valid.
      const resolved = resolveOptions({}, { environment, readFile: () => text, warn });
      expect(resolved.collectionIntervalMillis).toBeGreaterThan(0);
      expect(warnings.every((line) => typeof line === "string")).toBe(true);
    }),
    { numRuns: runs(100) },
  );
});
