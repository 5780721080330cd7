import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { Child, packageRoot } from "./harness/child.ts";
import { java, kafkaBroker, needs } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { CERTIFICATES, KAFKA_LOGIN, KafkaBroker } from "./harness/kafka-broker.ts";

const CLI = join(packageRoot, "dist/cli.cjs");
const TOPIC = "protected";
const isPossible = java.path !== undefined && kafkaBroker.path !== undefined;

describe("a gateway that reads from a Kafka with encryption and logins", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-kafka-login-"));
  let broker: KafkaBroker | undefined;

  beforeAll(async () => {
    if (!isPossible) return;
    broker = await KafkaBroker.start();
    await broker.createTopic(TOPIC, 1);
    await broker.producer.send({ messages: [{ topic: TOPIC, value: Buffer.from(JSON.stringify(REQUEST)) }] });
  });
  afterAll(async () => {
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A gateway with a certificate and a password of its own. */
  async function startGateway(
    name: string,
    { mechanism = "SCRAM-SHA-512", password = KAFKA_LOGIN.password, certificate = "client" },
  ): Promise<{ child: Child; page: () => Promise<string> }> {
    const web = await freePort();
    const passwordFile = join(folder, `${name}.password`);
    writeFileSync(passwordFile, `${password}\n`);
    const own = (ending: string): string => join(CERTIFICATES, `${certificate}.${ending}`);
    const kafka = {
      brokers: [broker?.securedAddress],
      topic: TOPIC,
      group: name,
      encoding: "otlp_json",
      initialOffset: "earliest",
      tls: { caFile: join(CERTIFICATES, "authority.crt"), certFile: own("crt"), keyFile: own("key") },
      sasl: { mechanism, username: KAFKA_LOGIN.username, passwordFile },
    };
    const file = join(folder, `${name}.yaml`);
    const content = {
      interval: "1s",
      receivers: { kafka },
      state: { directory: join(folder, name) },
      outputs: { prometheus: { address: `127.0.0.1:${web}` } },
    };
    writeFileSync(file, stringify(content));
    const child = new Child(name, process.execPath, [CLI, "gateway", "--config", file], { cwd: folder });
    onTestFinished(() => child.stop());
    return { child, page: async () => (await fetch(`http://127.0.0.1:${web}/metrics`)).text() };
  }

  it.for(["PLAIN", "SCRAM-SHA-512"])("reads with the right password by %s", async (mechanism, context) => {
    needs(context, java, kafkaBroker);
    const { child, page } = await startGateway(mechanism.toLowerCase(), { mechanism });
    await child.waitFor("the point in the topic", async () =>
      (await page()).includes('forecast_gateway_received_total{receiver="kafka"} 1\n') ? true : undefined,
    );
    expect(child.output).not.toContain(KAFKA_LOGIN.password);
  });

  it.for([
    ["a wrong password", { password: "wrong-password" }, "SASL authentication failed"],
    ["a certificate of a stranger", { certificate: "foreign" }, "alert certificate unknown"],
  ] as const)("logs why it can't read with %s, and goes on", async ([what, given, why], context) => {
    needs(context, java, kafkaBroker);
    const { child, page } = await startGateway(what.replaceAll(" ", "-"), given);
    const line = await child.waitFor(
      "a line of the log",
      () => /can't read from Kafka: .*; it is tried again/.exec(child.output)?.[0],
    );
    expect(line).toContain(why);
    expect(await page()).not.toContain('forecast_gateway_received_total{receiver="kafka"}');
    expect(child.output).not.toContain("wrong-password");
  });
});

const NOW = Date.now();
const REQUEST = {
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          scope: { name: "test" },
          metrics: [
            { name: "depth", gauge: { dataPoints: [{ asDouble: 7, timeUnixNano: `${NOW}000000` }] } },
          ],
        },
      ],
    },
  ],
};
