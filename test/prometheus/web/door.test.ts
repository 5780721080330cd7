import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { PrometheusEndpoint } from "../../../src/prometheus/prometheus-endpoint.ts";
import { exposureOf, isLoopbackRequest } from "../../../src/prometheus/web/exposure.ts";
import { eventually } from "../../eventually.ts";
import { logger, ProtectedEndpoint, TLS, USERS } from "./protected-endpoint.ts";

const lines = (level: "error" | "warn" | "info"): string[] => logger[level].mock.calls.map(([line]) => line);
const started: PrometheusEndpoint[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((endpoint) => endpoint.shutdown()));
});

async function unprotected(host: string, requiresAuth = false): Promise<PrometheusEndpoint> {
  const endpoint = new PrometheusEndpoint({ port: 0, host, requiresAuth });
  started.push(endpoint);
  await endpoint.start();
  return endpoint;
}

describe("a port that other machines can reach", () => {
  it("without a web configuration file is opened, with one warning that names the way out", async () => {
    const endpoint = await unprotected("0.0.0.0");
    expect(endpoint.port).toBeGreaterThan(0);
    expect(lines("warn")).toEqual([
      expect.stringMatching(
        /0\.0\.0\.0 can be reached from other machines, and no login is needed.*OTEL_FORECAST_WEB_CONFIG/,
      ),
    ]);
  });

  it("is not opened without a login if one is required, which is logged once", async () => {
    const endpoint = await unprotected("0.0.0.0", true);
    expect([endpoint.isHopeless, endpoint.hasFailedToListen]).toEqual([true, true]);
    expect(lines("error")).toEqual([
      expect.stringMatching(
        /cannot listen on 0\.0\.0\.0:0 \(OTEL_FORECAST_REQUIRE_AUTH needs a login.*\); metrics are not served$/,
      ),
    ]);
  });

  it("is opened as soon as the file requires a login", async () => {
    const served = await ProtectedEndpoint.started(TLS, { host: "0.0.0.0", requiresAuth: true });
    expect(served.endpoint.isHopeless).toBe(false);
    expect(lines("error")).toEqual([
      expect.stringMatching(/metrics are not served until the file is right; trying again$/),
    ]);
    served.write(TLS + USERS);
    await eventually(async () => expect((await served.https()).status).toBe(401));
    expect(lines("warn")).toEqual([]);
    served.write(TLS);
    expect((await served.https()).status).toBe(401);
    expect(lines("error").at(-1)).toContain("the last valid content stays in use");
  });

  it.each([
    [USERS, "no encryption"],
    [TLS, "no login"],
    [TLS + USERS, undefined],
    [
      TLS.replace(" }", ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt }"),
      undefined,
    ],
    [TLS.replace(" }", ", client_auth_type: RequireAnyClientCert }"), "no login"],
  ])("with %s: %s", async (content, missing) => {
    await ProtectedEndpoint.started(content, { host: "0.0.0.0" });
    const expected = { "no login": "no login is needed", "no encryption": "without encryption" };
    expect(lines("warn")).toEqual(
      missing === undefined ? [] : [expect.stringContaining(expected[missing as keyof typeof expected])],
    );
  });
});

it("a port of this machine needs no login, even if one is required for others", async () => {
  for (const host of ["localhost", "127.0.0.1"]) await unprotected(host, true);
  expect([...lines("warn"), ...lines("error")]).toEqual([]);
  expect(exposureOf("localhost.example", undefined)).toBe("no login");
});

it("a web configuration file that is missing or wrong keeps the port closed until it is right", async () => {
  const served = await ProtectedEndpoint.started(undefined);
  await expect(served.http()).rejects.toThrow();
  expect(lines("error")).toEqual([expect.stringContaining("web.yml can't be used: ENOENT")]);
  served.write("basic_auth_users: { a: plain }\n");
  served.write(USERS);
  await eventually(async () => expect((await served.http()).status).toBe(401));
});

it("headers and the limit of requests are those of the file", async () => {
  const served = await ProtectedEndpoint.started(
    `http_server_config: { headers: { X-Frame-Options: deny, Content-Security-Policy: "default-src 'self'", X-XSS-Protection: "" } }\n` +
      "rate_limit: { interval: 1h, burst: 2 }\n",
  );
  const { status, headers } = await served.http();
  expect([
    status,
    headers["x-frame-options"],
    headers["content-security-policy"],
    headers["x-xss-protection"],
  ]).toEqual([200, "deny", "default-src 'self'", undefined]);
  expect([(await served.http()).status, (await served.http()).status]).toEqual([200, 429]);
});

describe("a port of this machine", () => {
  const statusFor = (port: number, host: string): Promise<number | undefined> =>
    new Promise((done, reject) => {
      request({ port, host: "127.0.0.1", path: "/health", headers: { host }, agent: false }, (response) => {
        response.resume().on("end", () => done(response.statusCode));
      })
        .on("error", reject)
        .end();
    });

  it("answers only requests that name this machine", async () => {
    const { port } = await unprotected("localhost");
    expect(await statusFor(port, `localhost:${port}`)).toBe(200);
    expect(await statusFor(port, `attacker.example:${port}`)).toBe(403);
  });

  it("answers any request where a login is needed", async () => {
    const served = await ProtectedEndpoint.started(USERS);
    expect(await statusFor(served.endpoint.port, "metrics.example")).toBe(401);
  });

  it.each([
    ["localhost", true],
    ["LOCALHOST:9464", true],
    ["127.0.0.1:9464", true],
    ["127.8.9.1", true],
    ["[::1]:9464", true],
    ["app.localhost", true],
    ["localhost.", true],
    ["App.LOCALHOST.:9464", true],
    [undefined, true],
    ["localhost.example", false],
    ["localhost.example.", false],
    ["127.0.0.1.example", false],
    ["10.0.0.1:9464", false],
    ["0.0.0.0", false],
  ])("takes the host %s: %s", (host, expected) => {
    expect(isLoopbackRequest(host)).toBe(expected);
  });
});
