import { expect, it } from "vitest";
import { summaryOf } from "../../../src/commands/gateway/summary.ts";
import { readConfigured } from "../../../src/gateway/read-configured.ts";

function summary(content: string | undefined): string[] {
  const path = content === undefined ? undefined : "gateway.yaml";
  const configured = readConfigured(path, {
    environment: {},
    readFile: () => content ?? "",
    warn: (message) => expect.unreachable(message),
  });
  return summaryOf(path, configured);
}

it("without a file says what the defaults are", () => {
  expect(summary(undefined)).toEqual([
    "no file: 0 views, 0 thresholds, 0 alerts, 0 actions",
    "  receives OTLP over gRPC on 127.0.0.1:4317",
    "  receives OTLP over HTTP on 127.0.0.1:4318",
    "  shows forecasts on 127.0.0.1:9464",
  ]);
});

it("says what a file asks for, without passwords", () => {
  const content = `
receivers: { remoteWrite: {} }
sources: [{ prometheus: "https://ada:secret@prometheus:9090/", queries: { load: node_load1 } }]
outputs:
  prometheus: { address: "[::1]:9000" }
  remoteRead: {}
  remoteWrite: [{ url: "http://mimir/api/v1/push" }]
  otlp: [{ endpoint: "http://collector:4318" }]
members: { count: 3, number: env }
state: { directory: /var/lib/otel-forecast }
views: [{ instrument: load, number: level }]`;
  expect(summary(content)).toEqual([
    "gateway.yaml: 1 view, 0 thresholds, 0 alerts, 0 actions",
    "  receives remote write on the web port, path /api/v1/write",
    "  pulls 1 query from https://prometheus:9090/",
    "  shows forecasts on [::1]:9000",
    "  answers remote read on the web port, path /api/v1/read",
    "  writes forecasts to http://mimir/api/v1/push",
    "  pushes forecasts to http://collector:4318/",
    "  is one of 3 members",
    "  keeps its state in /var/lib/otel-forecast",
  ]);
});

it("says which topic of Kafka is read", () => {
  const kafka = "receivers: { kafka: { brokers: [kafka-0:9092], topic: otlp_metrics } }";
  expect(summary(`${kafka}\nstate: { directory: /s }`)).toContain(
    "  reads OTLP from the topic otlp_metrics of Kafka",
  );
});
