import type { KafkaRecord } from "@platformatic/kafka";
import { expect, it } from "vitest";
import { RecordIntake } from "../../../src/gateway/kafka/record-intake.ts";
import type { OtlpFormat } from "../../../src/wire/otlp/encode-answer.ts";
import { World } from "../../run/harness.ts";
import { type Message, protobufOf, requestOf } from "../../wire/otlp/otlp-messages.ts";
import { GatewayHarness } from "../harness.ts";

const MOST_BYTES = 1000;

/** A gateway that takes records as if they came from a topic. */
class Topic {
  readonly harness = new GatewayHarness();
  readonly #intake: RecordIntake;
  #next = 0n;

  constructor(format: OtlpFormat, tenantHeader?: string) {
    const { gateway } = this.harness;
    this.#intake = new RecordIntake(format, {
      counts: gateway.counts,
      maxRecordBytes: MOST_BYTES,
      tenantHeader,
      saved: () => ({ streams: gateway.streams }) as never,
    });
  }

  async take(value: Uint8Array | string | null, headers: Record<string, string> = {}): Promise<void> {
    const record = {
      value: value === null ? null : Buffer.from(value),
      headers: Object.entries(headers).map((pair) => pair.map((text) => Buffer.from(text))),
    } as unknown as KafkaRecord;
    const partition = { number: 3, startedAt: this.harness.world.now(), found: () => {} };
    await this.#intake.take(partition, [{ offset: this.#next, record }]);
    this.#next += 1n;
  }

  /** The streams that are known, with the partition that they came from. */
  get streams(): unknown[] {
    return Array.from(this.harness.gateway.streams.records(), ({ partition, data }) => {
      const { header, tenant, state } = data() as {
        header: { name: string };
        tenant?: string;
        state: object;
      };
      return { partition, name: header.name, tenant, ...state };
    });
  }

  async refused(): Promise<unknown[]> {
    await this.harness.ticks(1);
    const shown = await this.harness.shown("forecast_gateway_refused_total");
    return shown.map(({ labels, value }) => [labels.receiver, labels.reason, value]);
  }
}

function gaugeOf(value: number): Message {
  const timeUnixNano = String(BigInt(new World().millis) * 1_000_000n);
  return requestOf({ name: "depth", gauge: { dataPoints: [{ asDouble: value, timeUnixNano }] } });
}

it.each<[OtlpFormat, (message: Message) => Uint8Array | string]>([
  ["protobuf", protobufOf],
  ["json", (message) => JSON.stringify(message)],
])("takes the points of records in %s, as those of their partition", async (format, encoded) => {
  const topic = new Topic(format);
  await topic.take(encoded(gaugeOf(7)));
  expect(topic.streams).toMatchObject([{ partition: 3, name: "depth", tenant: undefined, value: 7 }]);
  await topic.harness.ticks(1);
  expect(await topic.harness.shown("forecast_gateway_received_total")).toMatchObject([
    { labels: { receiver: "kafka" }, value: 1 },
  ]);
  expect(await topic.harness.shown("forecast_gateway_kafka_records_total")).toMatchObject([{ value: 1 }]);
});

it("counts a record that can't be used by its reason, and goes on with the next", async () => {
  const topic = new Topic("json");
  await topic.take("{");
  await topic.take(null);
  await topic.take(protobufOf(gaugeOf(7)));
  await topic.take(" ".repeat(MOST_BYTES + 1));
  expect(topic.streams).toEqual([]);
  await topic.take(JSON.stringify(gaugeOf(7)));
  expect(topic.streams).toHaveLength(1);
  expect(await topic.refused()).toEqual([
    ["kafka", "malformed", 3],
    ["kafka", "too_large", 1],
  ]);
});

it("takes the tenant from the header of the settings, in any case, and from no other", async () => {
  const topic = new Topic("json", "X-Scope-OrgID");
  await topic.take(JSON.stringify(gaugeOf(1)), { "X-SCOPE-orgid": " shop " });
  await topic.take(JSON.stringify(gaugeOf(2)), { tenant: "other" });
  await topic.take(JSON.stringify(gaugeOf(3)), { "x-scope-orgid": "" });
  await topic.take(JSON.stringify(gaugeOf(4)), { "x-scope-orgid": "t".repeat(200) });
  expect(topic.streams).toMatchObject([
    { tenant: "shop", value: 1 },
    { tenant: undefined },
    { tenant: "t".repeat(150), value: 4 },
  ]);
  const without = new Topic("json");
  await without.take(JSON.stringify(gaugeOf(1)), { "x-scope-orgid": "shop" });
  expect(without.streams).toMatchObject([{ tenant: undefined, value: 1 }]);
});
