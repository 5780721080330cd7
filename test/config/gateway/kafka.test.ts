import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readGatewayFile } from "../../../src/config/gateway/read-gateway-file.ts";

const STATE = "state: { directory: /tmp/state }";

function kafkaOf(content: string) {
  return readGatewayFile("gateway.yaml", `${STATE}\nreceivers: { kafka: ${content} }`).settings.receivers
    .kafka;
}

describe("receivers.kafka", () => {
  it("needs brokers and a topic; the rest has defaults", () => {
    expect(kafkaOf("{ brokers: ['kafka-0:9092'], topic: otlp_metrics }")).toEqual({
      brokers: ["kafka-0:9092"],
      topic: "otlp_metrics",
      group: "otel-forecast",
      instance: undefined,
      format: "protobuf",
      initialOffset: "latest",
      sessionMillis: 45_000,
      tls: undefined,
      sasl: undefined,
    });
    expect(
      kafkaOf(
        "{ brokers: ['k:1'], topic: t, group: g, instance: i, encoding: otlp_json, sessionTimeout: 6s }",
      ),
    ).toMatchObject({ group: "g", instance: "i", format: "json", sessionMillis: 6000 });
  });

  it.each([
    ["{ brokers: [], topic: t }", "must name at least one broker"],
    ["{ brokers: [kafka], topic: t }", "must be HOST:PORT such as kafka-0:9092"],
    ["{ brokers: [':9092'], topic: t }", "must be HOST:PORT such as kafka-0:9092"],
    ["{ brokers: ['k:1'], topic: .. }", "must be the name of a topic"],
    ["{ brokers: ['k:1'], topic: a/b }", "must be the name of a topic"],
    ["{ brokers: ['k:1'], topic: t, encoding: jaeger }", "encoding"],
    ["{ brokers: ['k:1'], topic: t, partition: 1 }", "partition"],
  ])("%s is refused: %s", (content, message) => {
    expect(() => kafkaOf(content)).toThrow(message);
  });

  it("needs a folder for the state, because what is committed must be saved", () => {
    expect(() => readGatewayFile("f", "receivers: { kafka: { brokers: ['k:1'], topic: t } }")).toThrow(
      /needs "state"/,
    );
  });

  it("refuses a view that sums over partitions, unless a query has summed", () => {
    const read = (rest: string) =>
      readGatewayFile("f", `${STATE}\nreceivers: { kafka: { brokers: ['k:1'], topic: t } }\n${rest}`);
    const view = "views: [{ instrument: jobs, number: rate, by: [region] }]";
    expect(() => read(view)).toThrow(/"views\.0\.by": must be "all" with receivers\.kafka/);
    expect(() => read(`${view}\nsources: [{ prometheus: 'http://p', queries: { jobs: x } }]`)).not.toThrow();
  });

  it("keeps the state of partitions in the folder of the state, unless they have one of their own", () => {
    const folders = (state: string) => {
      const { stateDirectory, partitionsDirectory, saveMillis } = readGatewayFile("f", state).settings;
      return [stateDirectory, partitionsDirectory, saveMillis];
    };
    expect(folders("state: { directory: /a }")).toEqual(["/a", "/a", undefined]);
    expect(folders("state: { directory: /a, partitions: /b, interval: 5s }")).toEqual(["/a", "/b", 5000]);
  });
});

describe("the example of Kafka", () => {
  const read = (name: string): string =>
    readFileSync(resolve(import.meta.dirname, "../../../examples/gateway-kafka", name), "utf8");

  it("reads the topic that its Collector writes, in the same encoding, by streams", () => {
    const { exporters, service } = parse(read("collector.yaml"));
    const { kafka } = readGatewayFile("gateway.yaml", read("gateway.yaml")).settings.receivers;
    expect(exporters.kafka).toEqual({
      brokers: kafka?.brokers,
      metrics: { topic: kafka?.topic, encoding: "otlp_proto" },
      partition_metrics_by_resource_attributes: true,
      sending_queue: expect.objectContaining({ num_consumers: 1 }),
    });
    expect(kafka?.format).toBe("protobuf");
    expect(service.pipelines.metrics.exporters).toEqual(["kafka"]);
  });
});
