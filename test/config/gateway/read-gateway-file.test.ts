import { describe, expect, it } from "vitest";
import { gatewayEntries } from "../../../src/config/gateway/gateway-schema.ts";
import { gatewaySettings } from "../../../src/config/gateway/gateway-settings.ts";
import { readGatewayFile } from "../../../src/config/gateway/read-gateway-file.ts";
import { readConfigured } from "../../../src/gateway/read-configured.ts";
import { blocks, pageAt, rows, sectionOf } from "../../docs/pages.ts";

const page = pageAt("docs/gateway.md");

describe("without a file", () => {
  it("a gateway receives OTLP and shows forecasts, on this machine only", () => {
    expect(gatewaySettings()).toMatchObject({
      receivers: {
        otlpGrpc: { host: "127.0.0.1", port: 4317 },
        otlpHttp: { host: "127.0.0.1", port: 4318 },
        remoteWritePath: undefined,
      },
      outputs: { web: { host: "127.0.0.1", port: 9464 }, remoteRead: false, remoteWrite: [], otlp: [] },
      limits: { bodyBytes: 64 * 2 ** 20, memoryShare: 0.7 },
    });
  });
});

it("the limit of the memory is a share of it", () => {
  const { limits } = readGatewayFile("gateway.yaml", "limits: { memory: 85% }").settings;
  expect(limits.memoryShare).toBe(0.85);
});

function receiversOf(content: string) {
  return readGatewayFile("gateway.yaml", content).settings.receivers;
}

describe("receivers", () => {
  it.each([
    ["receivers: { otlp: {} }", 4317, 4318],
    ["receivers: { otlp: { grpc: ':1' } }", 1, undefined],
    ["receivers: { otlp: { http: ':2' } }", undefined, 2],
    ["receivers: { otlp: { grpc: ':1', http: ':2' } }", 1, 2],
    ["receivers: { remoteWrite: {} }", undefined, undefined],
    ["receivers: {}", undefined, undefined],
    ["sources: [{ prometheus: 'http://localhost:9090' }]", undefined, undefined],
    ["horizons: [1h]", 4317, 4318],
  ])("%s opens the ports %s and %s", (content, grpc, http) => {
    const { otlpGrpc, otlpHttp } = receiversOf(content);
    expect([otlpGrpc?.port, otlpHttp?.port]).toEqual([grpc, http]);
  });

  it("take remote write on the path that senders know, or on another one", () => {
    expect(receiversOf("receivers: { remoteWrite: {} }").remoteWritePath).toBe("/api/v1/write");
    expect(receiversOf("receivers: { remoteWrite: { path: /push } }").remoteWritePath).toBe("/push");
  });
});

describe("a view that sums over streams of several members", () => {
  const view = "views: [{ instrument: cost, number: rate, by: [user] }]";

  it("is refused, because no member would have the sum", () => {
    expect(() => readGatewayFile("gateway.yaml", `members: { count: 3, number: 0 }\n${view}`)).toThrow(
      /^gateway\.yaml:2: "views\.0\.by": must be "all" with several members/,
    );
  });

  it.each([
    ["one member", view],
    ["members that all have everything", `members: { count: 2, number: 0, replicas: 2 }\n${view}`],
    [
      "a query, which has the sum already",
      `members: { count: 3, number: 0 }\nsources: [{ prometheus: "http://x", queries: { cost: "sum(c)" } }]\n${view.replace("rate", "level")}`,
    ],
  ])("is right for %s", (_, content) => {
    expect(() => readGatewayFile("gateway.yaml", content)).not.toThrow();
  });
});

it("alerts may be about a query", () => {
  const content = `
sources: [{ prometheus: "http://localhost:9090", queries: { disk_used_ratio: up } }]
alerts: [{ name: DiskFull, metric: disk_used_ratio, threshold: { above: 0.9 } }]`;
  const sources = {
    environment: {},
    readFile: () => content,
    warn: (line: string) => expect.unreachable(line),
  };
  const { options } = readConfigured("gateway.yaml", sources);
  expect(options.alerting.alerts).toMatchObject([{ name: "DiskFull" }]);
});

it.each([
  ["receivers: { otlp: { grpc: 4317 } }", /gateway\.yaml:1: "receivers\.otlp\.grpc"/],
  ["receivers: { otlp: { grpc: localhost } }", /must be HOST:PORT/],
  ["receivers: { amqp: {} }", /unknown key "receivers\.amqp"/],
  ["sources: [{ prometheus: 'ftp://x' }]", /must be a URL that begins with http/],
  ["sources: [{ prometheus: 'http://x', queries: { 'a b': up } }]", /name of a Prometheus metric/],
  ["limits: { memory: 80 }", /"limits\.memory"/],
  ["limits: { series: 0 }", /must be a whole number from 1 to/],
  ["members: { count: 3, number: two }", /must be "env" or a whole number/],
  [
    "members: { count: 2, number: 2 }",
    /:1: "members\.number" must be less than "members\.count", which is 2/,
  ],
  ["members: { count: 2, number: 1, replicas: 3 }", /"members\.replicas" must be at most "members\.count"/],
  ["receivers: { remoteWrite: { path: /metrics } }", /must be a path that the web port does not have/],
  ["receivers: { remoteWrite: { path: /-/reload } }", /must be a path that the web port does not have/],
  ["receivers: { remoteWrite: { path: /api/series/x } }", /must be a path that the web port does not have/],
  ["outputs: { otlp: [{ endpoint: 'http://x', headers: { 'a b': c } }] }", /name of a header/],
  ["outputs: { remoteWrite: [{ url: 'http://x', headers: { a: \"b\\nc\" } }] }", /value of a header/],
  ["outputs: { remoteWrite: [{ url: 'http://x', headers: { Expect: a } }] }", /set by HTTP itself/],
  ["sources: [{ prometheus: 'http://x', headers: { 'a:': c } }]", /name of a header/],
  ["tenants: { header: 'x tenant' }", /"tenants\.header": must be the name of a header/],
  ["interval: 10", /"interval"/],
  [
    "receivers: { otlp: { http: 'localhost:4317', grpc: 'localhost:4317' } }",
    /:1: "receivers\.otlp\.http": must have another port than "receivers\.otlp\.grpc", which is 4317 too/,
  ],
  [
    "receivers:\n  otlp: { http: '0.0.0.0:9464' }",
    /:2: "receivers\.otlp\.http": must have another port than "outputs\.prometheus\.address", which is 9464 too/,
  ],
  ["views: [{ instrument: a, number: levle }]", /"views\.0\.number"/],
])("%s is refused with its place and what is expected", (content, message) => {
  expect(() => readGatewayFile("gateway.yaml", content)).toThrow(message);
});

it("the keys that are described are those that are read", () => {
  const described = rows(sectionOf(page, "Configuration file")).flatMap(
    ([cell = ""]) => /^`(\w+)/.exec(cell)?.[1] ?? [],
  );
  expect(new Set(described)).toEqual(new Set(Object.keys(gatewayEntries)));
});

it("the files that are shown are accepted", () => {
  // Those of a list are indented.
  const shown = blocks({ ...page, text: page.text.replaceAll(/^ {3}/gm, "") }, "yaml").filter((block) =>
    /^(sources|interval|receivers):/m.test(block),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const block of shown) expect(() => readGatewayFile("gateway.yaml", block)).not.toThrow();
});

describe("paths", () => {
  const named = (web: string, state: string, shared: string, tokens: string) =>
    readGatewayFile(
      "/etc/forecast/gateway.yaml",
      `receivers: { otlp: { bearerTokens: ${tokens} } }\nstate: { directory: ${state}, partitions: ${shared} }\nweb: ${web}\n`,
    ).settings;

  it("are relative to the folder of the file that names them", () => {
    expect(named("web.yml", "./state", "../shared", "secrets/tokens")).toMatchObject({
      webConfigFile: "/etc/forecast/web.yml",
      stateDirectory: "/etc/forecast/state",
      partitionsDirectory: "/etc/shared",
      receivers: { bearerTokenFile: "/etc/forecast/secrets/tokens" },
    });
  });

  it("of Kafka are too", () => {
    const { settings } = readGatewayFile(
      "/etc/forecast/gateway.yaml",
      `receivers:
  kafka:
    brokers: [kafka-0:9092]
    topic: otlp
    tls: { caFile: ca.crt, certFile: a.crt, keyFile: /a.key }
    sasl: { mechanism: PLAIN, username: u, passwordFile: password }
state: { directory: /b }
`,
    );
    expect(settings.receivers.kafka).toMatchObject({
      tls: { caFile: "/etc/forecast/ca.crt", certFile: "/etc/forecast/a.crt", keyFile: "/a.key" },
      sasl: { passwordFile: "/etc/forecast/password" },
    });
  });

  it("stay as they are if they are absolute", () => {
    expect(named("/a/web.yml", "/b", "/c", "/d/tokens")).toMatchObject({
      webConfigFile: "/a/web.yml",
      stateDirectory: "/b",
      partitionsDirectory: "/c",
      receivers: { bearerTokenFile: "/d/tokens" },
    });
  });

  it("of Kafka's partitions are those of the state, unless they are named", () => {
    const { partitionsDirectory } = readGatewayFile("etc/gateway.yaml", "state: { directory: s }").settings;
    expect(partitionsDirectory).toBe("etc/s");
  });
});

it("what is wrong in headers is told without what they are, which may be a secret", () => {
  const content = "sources:\n  - { prometheus: 'http://p', queries: { a: b }, headers: 'Bearer s3cret' }";
  expect(() => readGatewayFile("gateway.yaml", content)).toThrow(
    'gateway.yaml:2: "sources.0.headers": must be a mapping, got something else',
  );
});

it.each([
  ["receivers", "receivers: []"],
  ["receivers.otlp", "receivers: { otlp: [] }"],
  ["receivers.kafka", "receivers: { kafka: [] }"],
  ["sources.0.queries", "sources: [{ prometheus: 'http://a', queries: [up] }]"],
  ["sources.0.headers", "sources: [{ prometheus: 'http://a', headers: ['x: y'] }]"],
  ["outputs.remoteRead", "outputs: { remoteRead: [] }"],
  ["outputs.remoteWrite.0.headers", "outputs: { remoteWrite: [{ url: 'http://a', headers: [x] }] }"],
  ["outputs.otlp.0.headers", "outputs: { otlp: [{ endpoint: 'http://a', headers: [x] }] }"],
  ["limits", "limits: []"],
  ["tenants", "tenants: []"],
])("a list is no mapping, so it can't be %s", (key, content) => {
  const got = key.endsWith("headers") ? "something else" : "a list";
  expect(() => readGatewayFile("gateway.yaml", content)).toThrow(
    `gateway.yaml:1: "${key}": must be a mapping, got ${got}`,
  );
});

it.each(["constructor", "prototype", "toString", "hasOwnProperty"])(
  "a header and a query may be named %s",
  (key) => {
    const { sources, outputs } = readGatewayFile(
      "gateway.yaml",
      `sources: [{ prometheus: "http://a", queries: { ${key}: up }, headers: { ${key}: b } }]
outputs: { remoteWrite: [{ url: "http://a", headers: { ${key}: b } }] }`,
    ).settings;
    expect([...(sources[0]?.queries ?? [])]).toEqual([[key, "up"]]);
    for (const entry of [sources[0], outputs.remoteWrite[0]])
      expect(Object.entries(entry?.headers ?? {})).toEqual([[key, "b"]]);
  },
);

it("a header that can't be sent is refused", () => {
  const content = "outputs: { otlp: [{ endpoint: 'http://a', headers: { __proto__: b } }] }";
  expect(() => readGatewayFile("gateway.yaml", content)).toThrow(
    `"outputs.otlp.0.headers.__proto__": can't be sent as a header`,
  );
});
