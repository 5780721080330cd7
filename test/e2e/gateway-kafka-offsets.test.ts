import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Child } from "./harness/child.ts";
import { java, kafkaBroker, needs } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { KafkaBroker } from "./harness/kafka-broker.ts";
import { countedOf, countsOf, startGateway, valuesOf } from "./harness/kafka-gateway.ts";

const isPossible = java.path !== undefined && kafkaBroker.path !== undefined;

describe("a gateway whose place in a topic is gone", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-offsets-"));
  const startedAt = Date.now();
  let broker: KafkaBroker | undefined;
  let gateway: Child | undefined;
  let web = 0;
  let sentAt = startedAt;

  beforeAll(async () => {
    if (isPossible) broker = await KafkaBroker.start();
    web = await freePort();
  });

  afterAll(async () => {
    await gateway?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(topic: string): Child {
    gateway = startGateway(folder, { name: topic, topic, broker: (broker as KafkaBroker).address, web });
    return gateway;
  }

  /** Sends records that count one each. */
  async function send(topic: string, records: number): Promise<void> {
    const messages = Array.from({ length: records }, () => {
      // Two points of the same instant would be one.
      sentAt = Math.max(sentAt + 1, Date.now());
      const value = Buffer.from(JSON.stringify(countsOf("sender", 1, startedAt, sentAt)));
      return { topic, key: Buffer.from("sender"), value };
    });
    await (broker as KafkaBroker).producer.send({ messages });
  }

  async function counts(of: Child, total: number): Promise<void> {
    await of.waitFor(`a total of ${total}`, async () => {
      expect(Object.fromEntries(await countedOf(web))).toEqual({ sender: total });
      return true;
    });
  }

  /** Lets a gateway read the ten records of a new topic. */
  async function readTen(topic: string): Promise<Child> {
    await (broker as KafkaBroker).createTopic(topic, 1);
    await send(topic, 10);
    const reading = start(topic);
    await counts(reading, 10);
    return reading;
  }

  async function createAgain(topic: string): Promise<void> {
    const kafka = broker as KafkaBroker;
    await kafka.deleteTopic(topic);
    await kafka.createTopic(topic, 1);
    await send(topic, 3);
  }

  it("goes on with the oldest record that the topic has, and counts what it has missed", async (context) => {
    needs(context, java, kafkaBroker);
    await (await readTen("short")).stop();
    await send("short", 7);
    await (broker as KafkaBroker).deleteRecords("short");
    const after = start("short");
    await after.waitFor(
      "its warning",
      () =>
        after.output.includes("offset 10 of partition 0 is not kept any more: it is read from offset 17") ||
        undefined,
    );
    await send("short", 5);
    await counts(after, 15);
    expect(await valuesOf(web, "forecast_gateway_refused_total")).toEqual([
      { labels: expect.stringContaining('reason="out_of_retention"'), value: 7 },
    ]);
    await after.stop();
  });

  it("begins again with a topic that was created again while it was away", async (context) => {
    needs(context, java, kafkaBroker);
    await (await readTen("again")).stop();
    await createAgain("again");
    const after = start("again");
    await after.waitFor(
      "its warning",
      () => after.output.includes("partition 0 ends at offset 3, before offset 10") || undefined,
    );
    await counts(after, 13);
    expect(await valuesOf(web, "forecast_gateway_refused_total")).toEqual([]);
    await after.stop();
  });

  it("begins again with a topic that is created again while it reads", async (context) => {
    needs(context, java, kafkaBroker);
    const reading = await readTen("live");
    await createAgain("live");
    await counts(reading, 13);
    await reading.stop();
  });
});
