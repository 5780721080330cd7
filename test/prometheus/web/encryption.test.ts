import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { eventually } from "../../eventually.ts";
import { logger, ProtectedEndpoint, pem, TLS } from "./protected-endpoint.ts";

const mutual = (type: string, more = ""): string =>
  `tls_server_config: { cert_file: server.crt, key_file: server.key, client_auth_type: ${type}, client_ca_file: authority.crt${more} }\n`;
const known = { cert: pem("client.crt"), key: pem("client.key") };
const foreign = { cert: pem("foreign.crt"), key: pem("foreign.key") };

async function statusOf(served: ProtectedEndpoint, options: object): Promise<number | string | undefined> {
  return served.https(options).then(
    ({ status }) => status,
    () => "refused",
  );
}

describe("an endpoint with a certificate", () => {
  it("serves metrics and health by HTTPS, and its URL shows that", async () => {
    const served = await ProtectedEndpoint.started(TLS);
    expect(served.endpoint.url).toBe(`https://localhost:${served.endpoint.port}`);
    const metrics = await served.https();
    expect([metrics.status, metrics.body]).toEqual([200, expect.stringContaining("\nup 1\n")]);
    expect((await served.https({ path: "/health" })).status).toBe(200);
  });

  it("gives a client without encryption no answer of ours", async () => {
    const served = await ProtectedEndpoint.started(TLS);
    await expect(served.http()).rejects.toThrow();
    expect((await served.https()).status).toBe(200);
  });

  it.each([
    ["TLSv1.1", false],
    ["TLSv1.2", true],
    ["TLSv1.3", true],
  ] as const)("with %s: %s", async (version, isServed) => {
    const served = await ProtectedEndpoint.started(TLS);
    const status = statusOf(served, {
      minVersion: version,
      maxVersion: version,
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    expect(await status).toBe(isServed ? 200 : "refused");
  });

  it("offers only versions and ciphers that the file names", async () => {
    const served = await ProtectedEndpoint.started(
      TLS.replace(
        " }",
        ", max_version: TLS12, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384], curve_preferences: [CurveP384] }",
      ),
    );
    const socket = connect({
      port: served.endpoint.port,
      host: "127.0.0.1",
      ca: pem("authority.crt"),
      servername: "localhost",
    });
    await once(socket, "secureConnect");
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual([
      "TLSv1.2",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
    ]);
    socket.destroy();
    expect(await statusOf(served, { minVersion: "TLSv1.3" })).toBe("refused");
    expect(await statusOf(served, { ecdhCurve: "X25519" })).toBe("refused");
  });

  it("takes a renewed certificate at the next connection, and keeps open connections", async () => {
    const served = await ProtectedEndpoint.started(TLS);
    const open = connect({
      port: served.endpoint.port,
      host: "127.0.0.1",
      ca: pem("authority.crt"),
      servername: "localhost",
    });
    await once(open, "secureConnect");
    const first = open.getPeerCertificate().subject.CN;
    served.write(pem("renewed.crt"), "server.crt");
    expect((await served.https()).status).toBe(200);
    served.write(pem("renewed.key"), "server.key");
    await eventually(async () => expect(await nameOfServer(served)).toBe("renewed"));
    open.write("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    expect(String(await once(open, "data"))).toContain("200 OK");
    open.destroy();
    expect(first).toBe("server");
    expect(logger.error.mock.calls.map(([line]) => line)).toEqual([
      expect.stringMatching(
        /web configuration file .*web\.yml can't be used: .*"tls_server_config\.key_file": must be the private key of the certificate.*; the last valid content stays in use$/,
      ),
    ]);
  });

  it("is not ended by clients that break off, send nonsense or nothing, and shuts down with them", async () => {
    const served = await ProtectedEndpoint.started(TLS);
    for (const text of ["", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\x00\x01"]) {
      const socket = connectPlain(served.endpoint.port, "127.0.0.1").on("error", () => {});
      await once(socket, "connect");
      socket.write(text);
      if (text === "") socket.resetAndDestroy();
    }
    expect((await served.https()).status).toBe(200);
    await served.endpoint.shutdown();
  });

  it("has at most 512 connections, encrypted or not yet: a new one replaces the oldest", async () => {
    const served = await ProtectedEndpoint.started(TLS);
    const closed: number[] = [];
    const encrypted = connect({ port: served.endpoint.port, host: "127.0.0.1", ca: pem("authority.crt") });
    encrypted.on("error", () => {}).once("close", () => closed.push(-1));
    await once(encrypted, "secureConnect");
    for (let index = 0; index < 515; index += 1) {
      const socket = connectPlain(served.endpoint.port, "127.0.0.1").on("error", () => {});
      socket.once("close", () => closed.push(index));
      await once(socket, "connect");
    }
    await eventually(() => expect(closed).toHaveLength(4));
    expect((await served.https()).status).toBe(200);
    await eventually(() => expect(closed.toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3]));
  });
});

async function nameOfServer(served: ProtectedEndpoint): Promise<string> {
  const socket: TLSSocket = connect({
    port: served.endpoint.port,
    host: "127.0.0.1",
    ca: pem("authority.crt"),
    servername: "localhost",
  });
  await once(socket, "secureConnect");
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

describe("client_auth_type", () => {
  it.each([
    ["RequireAndVerifyClientCert", "refused", "refused", 200],
    ["VerifyClientCertIfGiven", 200, "refused", 200],
    ["RequireAnyClientCert", "refused", 200, 200],
    ["RequireClientCert", "refused", 200, 200],
    ["RequestClientCert", 200, 200, 200],
  ])(
    "%s: no certificate %s, that of a stranger %s, a known one %s",
    async (type, none, ofStranger, ofKnown) => {
      const served = await ProtectedEndpoint.started(mutual(type));
      expect(await statusOf(served, {})).toBe(none);
      expect(await statusOf(served, foreign)).toBe(ofStranger);
      expect(await statusOf(served, known)).toBe(ofKnown);
    },
  );

  it.each([
    ["prometheus.example", 200],
    ["spiffe://example/prometheus", 200],
    ["example", "refused"],
  ])("with the allowed name %s: %s", async (name, expected) => {
    const more = `, client_allowed_sans: ["${name}"]`;
    const served = await ProtectedEndpoint.started(mutual("RequireAndVerifyClientCert", more));
    expect(await statusOf(served, known)).toBe(expected);
  });
});
