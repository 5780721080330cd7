import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Child } from "./harness/child.ts";
import { java, kafkaBroker, needs } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { KafkaBroker } from "./harness/kafka-broker.ts";
import { countedOf, countsOf, startGateway, valuesOf } from "./harness/kafka-gateway.ts";

const isPossible = java.path !== undefined && kafkaBroker.path !== undefined;
/** The client gives a request up later than this. */
const HANGING_MILLIS = 6000;

describe("a gateway whose Kafka hangs", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-kafka-hanging-"));
  const startedAt = Date.now();
  let broker: KafkaBroker | undefined;
  let sent = 0;

  beforeAll(async () => {
    if (isPossible) broker = await KafkaBroker.start();
  });

  afterAll(async () => {
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(topic: string): Promise<void> {
    sent += 1;
    const value = Buffer.from(JSON.stringify(countsOf("sender", 1, startedAt, startedAt + sent)));
    await (broker as KafkaBroker).producer.send({ messages: [{ topic, value }] });
  }

  /** A gateway that has read a point and told Kafka. */
  async function reading(topic: string): Promise<{ gateway: Child; web: number }> {
    const kafka = broker as KafkaBroker;
    const web = await freePort();
    await kafka.createTopic(topic, 1);
    await send(topic);
    const gateway = startGateway(folder, { name: topic, topic, broker: kafka.address, web });
    onTestFinished(async () => {
      kafka.child.kill("SIGCONT");
      await gateway.stop();
    });
    await gateway.waitFor("a point and a commit", async () =>
      (await countedOf(web)).size > 0 && (await commitsOf(web)) > 0 ? true : undefined,
    );
    return { gateway, web };
  }

  it("forecasts meanwhile, and reads on when Kafka answers again", async (context) => {
    needs(context, java, kafkaBroker);
    const kafka = broker as KafkaBroker;
    const { gateway, web } = await reading("forecasts");
    kafka.child.kill("SIGSTOP");
    await delay(HANGING_MILLIS / 2);
    const before = await totalOf(web, "forecast_runs_total");
    await delay(HANGING_MILLIS / 2);
    expect(await totalOf(web, "forecast_runs_total")).toBeGreaterThan(before);
    kafka.child.kill("SIGCONT");
    await send("forecasts");
    await gateway.waitFor("the next point", async () =>
      (await countedOf(web)).get("sender") === 2 ? true : undefined,
    );
  });

  it("ends within the two seconds that it promises", async (context) => {
    needs(context, java, kafkaBroker);
    const { gateway } = await reading("ends");
    (broker as KafkaBroker).child.kill("SIGSTOP");
    await delay(HANGING_MILLIS / 2);
    const asked = performance.now();
    gateway.kill("SIGTERM");
    expect(await gateway.ends()).toEqual({ code: 0, signal: null });
    // A busy machine needs some time to end a process.
    expect(performance.now() - asked).toBeLessThan(4000);
  });
});

async function commitsOf(web: number): Promise<number> {
  return totalOf(web, "forecast_gateway_kafka_commits_total");
}

async function totalOf(web: number, metric: string): Promise<number> {
  const series = await valuesOf(web, metric);
  return series.reduce((total, { value }) => total + value, 0);
}
