import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readGatewayFile } from "../../../src/config/gateway/read-gateway-file.ts";
import { kafkaConnection } from "../../../src/gateway/kafka/kafka-connection.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-kafka-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** How the client is told to connect, as a file says it. */
function connectionOf(keys: string): ReturnType<typeof kafkaConnection> {
  const { kafka } = readGatewayFile(
    join(folder, "gateway.yaml"),
    `state: { directory: state }\nreceivers: { kafka: { brokers: ['k:9092'], topic: t, ${keys} } }`,
  ).settings.receivers;
  if (kafka === undefined) throw new Error("the file has no receivers.kafka");
  return kafkaConnection(kafka);
}

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("the connection to Kafka", () => {
  it("is neither encrypted nor logged in without these keys", () => {
    expect(connectionOf("")).toEqual({});
  });

  it("trusts what Node trusts with an empty tls", () => {
    expect(connectionOf("tls: {}")).toEqual({ tls: {} });
  });

  it("has the contents of the files of tls", () => {
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) => written(`${name}.pem`, `the ${name}`));
    expect(connectionOf(`tls: { caFile: ${ca}, certFile: ${cert}, keyFile: ${key} }`)).toEqual({
      tls: { ca: "the ca", cert: "the cert", key: "the key" },
    });
  });

  it.each(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])(
    "logs in by %s with the password of a file",
    (mechanism) => {
      const file = written("password", "secret\n");
      expect(connectionOf(`sasl: { mechanism: ${mechanism}, username: me, passwordFile: ${file} }`)).toEqual({
        sasl: { mechanism, username: "me", password: "secret" },
      });
    },
  );

  it("reads the files each time, so that a new password needs no restart", () => {
    const file = written("password", "old");
    const keys = `sasl: { mechanism: PLAIN, username: me, passwordFile: ${file} }`;
    expect(connectionOf(keys).sasl).toMatchObject({ password: "old" });
    writeFileSync(file, "new");
    expect(connectionOf(keys).sasl).toMatchObject({ password: "new" });
  });

  it("reads no file that is far too long", () => {
    const file = written("endless", "");
    truncateSync(file, 2 ** 31);
    expect(() => connectionOf(`tls: { caFile: ${file} }`)).toThrow(
      `receivers.kafka.tls.caFile: ${file} can't be read: ${file} is longer than 1 MiB`,
    );
  });

  it("names the key and the file that can't be read", () => {
    const missing = join(folder, "missing");
    expect(() => connectionOf(`tls: { caFile: ${missing} }`)).toThrow(
      `receivers.kafka.tls.caFile: ${missing} can't be read: ENOENT`,
    );
    expect(() => connectionOf(`sasl: { mechanism: PLAIN, username: me, passwordFile: ${missing} }`)).toThrow(
      `receivers.kafka.sasl.passwordFile: ${missing} can't be read: ENOENT`,
    );
  });
});
