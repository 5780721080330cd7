import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Child } from "./harness/child.ts";
import { java, kafkaBroker, needs } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { KafkaBroker } from "./harness/kafka-broker.ts";
import { countedOf, countsOf, lagOf, startGateway, valuesOf } from "./harness/kafka-gateway.ts";

const PARTITIONS = 8;
const SENDERS = 12;
const KILLS = 20;
const isPossible = java.path !== undefined && kafkaBroker.path !== undefined;

describe("a gateway that reads from a real Kafka", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-kafka-"));
  let broker: KafkaBroker | undefined;

  beforeAll(async () => {
    if (isPossible) broker = await KafkaBroker.start();
  });

  afterAll(async () => {
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loses no point and counts none twice, although it is killed again and again", async (context) => {
    needs(context, java, kafkaBroker);
    const kafka = broker as KafkaBroker;
    await kafka.createTopic("kills", PARTITIONS);
    const sender = new CountingSenders(kafka, "kills");
    const web = await freePort();
    const start = (): Child =>
      startGateway(folder, { name: "killed", topic: "kills", broker: kafka.address, web });
    let gateway = start();
    sender.start();
    await gateway.waitFor("the first counts", async () =>
      (await countedOf(web)).size > 0 ? true : undefined,
    );
    // Instants that are the same in each run: a step of the golden ratio reaches every phase of a save.
    let continued = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      // A busy machine takes long to start it.
      await gateway.waitFor("its start", () => gateway.output.includes("shows its forecasts") || undefined);
      await delay(Math.round(2000 * ((kill * 0.618034) % 1)));
      gateway.kill("SIGKILL");
      await gateway.exit;
      if (gateway.output.includes("where its saved state ends")) continued += 1;
      gateway = start();
    }
    // Else the gateways had not come as far as what is tested.
    expect(continued).toBeGreaterThan(KILLS / 4);
    const sent = await sender.stop();
    try {
      await gateway.waitFor("all that was sent", async () => {
        const counted = await countedOf(web);
        return sum(counted) === sum(sent) && (await lagOf(web)) === 0 ? true : undefined;
      });
    } finally {
      // What is counted later would be counted twice.
      await delay(2500);
      expect(await countedOf(web)).toEqual(sent);
      await gateway.stop();
    }
    expect(gateway.output).not.toMatch(/\bis damaged\b/);
  });

  it("shares the partitions with another member, and takes them over when that one is gone", async (context) => {
    needs(context, java, kafkaBroker);
    const kafka = broker as KafkaBroker;
    await kafka.createTopic("members", PARTITIONS);
    const sender = new CountingSenders(kafka, "members");
    const [one, other] = [await freePort(), await freePort()];
    const given = { topic: "members", broker: kafka.address };
    const lasting = startGateway(folder, { ...given, name: "lasting", web: one });
    const leaving = startGateway(folder, { ...given, name: "leaving", web: other });
    sender.start();
    try {
      await lasting.waitFor("a part of the senders for each member", async () => {
        const [counted, ofOther] = [await countedOf(one), await countedOf(other)];
        const areSplit = counted.size > 0 && ofOther.size > 0 && counted.size + ofOther.size === SENDERS;
        return areSplit && [...counted.keys()].every((name) => !ofOther.has(name)) ? true : undefined;
      });
      leaving.kill("SIGKILL");
      await leaving.exit;
      await lasting.waitFor("all senders at the member that is left", async () =>
        (await countedOf(one)).size === SENDERS ? true : undefined,
      );
      const sent = await sender.stop();
      await lasting.waitFor("all that was sent", async () =>
        sum(await countedOf(one)) >= sum(sent) && (await lagOf(one)) === 0 ? true : undefined,
      );
      await delay(2500);
      expect(await countedOf(one)).toEqual(sent);
      await lasting.waitFor("a forecast of each sender", async () =>
        (await valuesOf(one, "work_today_predicted")).length === SENDERS ? true : undefined,
      );
    } finally {
      await sender.stop();
      await Promise.all([lasting.stop(), leaving.stop()]);
    }
  });
});

/** Sends increments and totals of counters, as the Collector's Kafka exporter writes them. */
class CountingSenders {
  readonly #broker: KafkaBroker;
  readonly #topic: string;
  readonly #sent = new Map<string, number>();
  #isEnding = false;
  #loop: Promise<void> | undefined;

  constructor(broker: KafkaBroker, topic: string) {
    this.#broker = broker;
    this.#topic = topic;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<ReadonlyMap<string, number>> {
    this.#isEnding = true;
    await this.#loop;
    return this.#sent;
  }

  async #run(): Promise<void> {
    const startedAt = Date.now();
    for (let round = 1; !this.#isEnding; round += 1) {
      const messages = Array.from({ length: SENDERS }, (_, sender) => {
        const count = 1 + ((round * 7 + sender) % 5);
        this.#sent.set(`sender-${sender}`, (this.#sent.get(`sender-${sender}`) ?? 0) + count);
        return {
          topic: this.#topic,
          key: Buffer.from(`sender-${sender}`),
          value: Buffer.from(JSON.stringify(countsOf(`sender-${sender}`, count, startedAt))),
        };
      });
      await this.#broker.producer.send({ messages });
      await delay(50);
    }
  }
}

function sum(counted: ReadonlyMap<string, number>): number {
  return Array.from(counted.values()).reduce((total, count) => total + count, 0);
}
