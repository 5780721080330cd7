import { EventEmitter } from "node:events";
import type { ConsumerOptions } from "@platformatic/kafka";
import { expect, it } from "vitest";
import { kafkaSettings } from "../../../src/config/gateway/kafka-settings.ts";
import type { Kafka } from "../../../src/gateway/kafka/kafka-package.ts";
import { Membership } from "../../../src/gateway/kafka/membership.ts";

type Options = ConsumerOptions<Buffer, Buffer, Buffer, Buffer>;

/** How the client is told to be a member of its group. */
function optionsWith(sessionTimeout: string): Options {
  let given: Options | undefined;
  class Consumer extends EventEmitter {
    readonly topics = { track: () => {} };

    constructor(options: Options) {
      super();
      given = options;
    }
  }
  const settings = kafkaSettings({ brokers: ["k:9092"], topic: "t", instance: "one", sessionTimeout });
  const observer = { leaving: async () => {}, rebalanced: () => {}, failed: () => {} };
  new Membership({ Consumer } as unknown as Kafka, settings, observer);
  if (given === undefined) throw new Error("there is no consumer");
  return given;
}

it.each([
  ["45s", { sessionTimeout: 45_000, rebalanceTimeout: 60_000, heartbeatInterval: 3000 }],
  ["6s", { sessionTimeout: 6000, rebalanceTimeout: 60_000, heartbeatInterval: 2000 }],
  ["5m", { sessionTimeout: 300_000, rebalanceTimeout: 300_000, heartbeatInterval: 3000 }],
])("of three heartbeats in a session of %s, two may get lost, and a save has a minute", (session, times) => {
  expect(optionsWith(session)).toMatchObject(times);
});

it("a member keeps its name over restarts, and commits by hand", () => {
  expect(optionsWith("45s")).toMatchObject({
    groupId: "otel-forecast",
    groupInstanceId: "one",
    bootstrapBrokers: ["k:9092"],
    autocommit: false,
  });
});
